package dev.tidemark.migrator.cli;

import com.typesafe.config.Config;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.console.Progress;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.partition.PartitionCare;
import dev.tidemark.migrator.partition.PartitionResult;
import dev.tidemark.migrator.postgres.DatabaseLease;
import dev.tidemark.migrator.postgres.Databases;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code migrate partitions}: for a scheduler, once a day. */
@Command(
    name = "partitions",
    description =
        "Make partitions ahead, empty the default ones, retire the old; delete runs whose retention is"
            + " over")
@Exits({ExitCode.UNREACHABLE, ExitCode.BUSY, ExitCode.MISMATCH})
final class PartitionsCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--dry-run", description = "tell what would be done, and change nothing")
  private boolean dryRun;

  PartitionsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Config config = console.config();
    PartitionResult result;
    try (DatabaseLease lease = Databases.open(config);
        Progress progress = console.progress()) {
      PartitionCare care =
          PartitionCare.open(lease.database(), config).observedBy(new ProgressObserver(progress));
      result = dryRun ? care.plan() : care.run();
    }
    console.show(new PartitionsReport(result));
    return (result.busy() ? ExitCode.BUSY : ExitCode.DONE).number();
  }
}
