package dev.tidemark.jobs.rollup;

import dev.tidemark.jobs.session.JobSession;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.console.Progress;
import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.pipeline.rollup.Rollup;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rollup}. */
@Command(
    name = "rollup",
    description = "Land what waits in the source and bring the rollups up to date")
@Exits({ExitCode.REFUSED, ExitCode.UNREACHABLE, ExitCode.BUSY, ExitCode.PARTIAL})
public final class RollupCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--dry-run",
      description =
          "list the hours that landed events wait to be rolled up into, and change nothing; what"
              + " waits in the source is not landed")
  private boolean dryRun;

  /** A command that speaks to a console. */
  public RollupCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    console.show(run());
    return ExitCode.DONE.number();
  }

  private Result run() {
    JobSession session = new JobSession(console.config(), "tidemark job rollup");
    try (Progress progress = console.progress()) {
      Rollup.Listener listener =
          (table, partition, done, of) ->
              progress.update(
                  "%s %s is up to date (%d of %d)".formatted(table, partition, done, of));
      if (dryRun) {
        progress.update("looking for hours that changed …");
        return session.withLake(
            lake -> new WindowsReport(new Rollup(lake, "dry-run", listener).affectedWindows()));
      }
      progress.update("landing what waits …");
      return session.withPipeline(pipeline -> new RollupResult(pipeline.run(listener)));
    }
  }
}
