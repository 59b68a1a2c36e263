package dev.tidemark.benchmarks.torture;

import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.pipeline.torture.Torture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench torture}. */
@Command(
    name = "torture",
    description = {
      "Runs random schedules of late and repeated events, held transactions, overlapping runs,",
      "maintenance, repairs, lost answers of storage and SIGKILL against the pipeline; after each,",
      "DuckDB adds the source's events up and compares both rollups and Postgres row by row.",
      "It keeps a Postgres and the lakes of rounds that differ in"
          + " $TIDEMARK_HOME/benchmarks/torture."
    })
@Exits({ExitCode.UNREACHABLE, ExitCode.MISMATCH})
public final class TortureCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "how many schedules (default: ${DEFAULT-VALUE})")
  private int rounds = 3;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "the first round's seed, the next ones count on (default: from the clock)")
  private long seed = System.currentTimeMillis();

  @Option(
      names = "--commands",
      paramLabel = "N",
      description = "how many commands a schedule has (default: ${DEFAULT-VALUE})")
  private int commands = 20;

  /** The command, which speaks through a console. */
  public TortureCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    if (rounds < 1 || commands < 1) {
      throw new ParameterException(spec.commandLine(), "--rounds and --commands are at least 1");
    }
    Path folder =
        Path.of(Settings.text(console.config(), "home"), "benchmarks", "torture").toAbsolutePath();
    List<Torture.Report> reports = new ArrayList<>();
    try (Rack rack = Rack.open(folder)) {
      for (int round = 0; round < rounds; round++) {
        reports.add(rack.round(seed + round, commands));
      }
    }
    TortureResult result = new TortureResult(reports);
    console.show(result);
    return (result.differs() ? ExitCode.MISMATCH : ExitCode.DONE).number();
  }
}
