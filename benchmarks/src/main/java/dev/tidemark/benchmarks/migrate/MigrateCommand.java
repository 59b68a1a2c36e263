package dev.tidemark.benchmarks.migrate;

import dev.tidemark.benchmarks.contest.Contest;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.console.Progress;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.settings.Settings;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench migrate}. */
@Command(
    name = "migrate",
    description = {
      "What the migrator costs: all change sets of Tidemark, beside the same statements",
      "executed plainly, in turn; a rollback while a writer writes; lint of one change set.",
      "It keeps a Postgres of its own in $TIDEMARK_HOME/benchmarks/migrate."
    })
@Exits(ExitCode.UNREACHABLE)
public final class MigrateCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "counted runs of each contestant, at least 5 (default: ${DEFAULT-VALUE})")
  private int runs = 9;

  /** The command, which speaks through a console. */
  public MigrateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    if (runs < Contest.FEWEST_RUNS) {
      throw new ParameterException(spec.commandLine(), "--runs is at least " + Contest.FEWEST_RUNS);
    }
    Path folder =
        Path.of(Settings.text(console.config(), "home"), "benchmarks", "migrate").toAbsolutePath();
    try (Progress progress = console.progress()) {
      console.show(new MigrateBenchmark(folder, runs, progress::update).run());
    }
    return ExitCode.DONE.number();
  }
}
