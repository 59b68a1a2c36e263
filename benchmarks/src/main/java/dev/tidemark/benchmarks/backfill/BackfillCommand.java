package dev.tidemark.benchmarks.backfill;

import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.console.Progress;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench backfill}. */
@Command(
    name = "backfill",
    description = {
      "What small transactions meet beside a backfill on the same machine: governed, ungoverned",
      "and at fixed rates. It keeps a Postgres of its own in $TIDEMARK_HOME/benchmarks/backfill."
    })
@Exits(ExitCode.UNREACHABLE)
public final class BackfillCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = "--events",
      paramLabel = "N",
      description = "of each day (default: ${DEFAULT-VALUE})")
  private int events = 50_000;

  @Option(
      names = "--days",
      paramLabel = "N",
      description = "of history (default: ${DEFAULT-VALUE})")
  private int days = 60;

  @Option(
      names = "--transactions",
      paramLabel = "N",
      description = "of the load, a second (default: ${DEFAULT-VALUE})")
  private int transactions = 100;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "how long each backfill may take (default: ${DEFAULT-VALUE})")
  private long seconds = 90;

  @Option(
      names = "--paces",
      paramLabel = "PACE",
      split = ",",
      description =
          "contestants, in turn: governed, ungoverned (as if nobody else were there), unpaced"
              + " (the same at a low priority), or events a second (default: ${DEFAULT-VALUE})")
  private List<String> paces = List.of("ungoverned", "governed", "unpaced", "2000", "4000", "8000");

  @Option(
      names = "--set",
      paramLabel = "HOCON",
      description = "configuration for every backfill, such as backfill.interval=20s")
  private List<String> settings = List.of();

  /** The command, which speaks through a console. */
  public BackfillCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    if (events < 1 || days < 1 || days > 365 || transactions < 1 || seconds < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--events, --days, --transactions and --seconds are at least 1, and days at most 365");
    }
    Path folder =
        Path.of(Settings.text(console.config(), "home"), "benchmarks", "backfill").toAbsolutePath();
    try (Progress progress = console.progress()) {
      console.show(
          new BackfillBenchmark(
                  folder,
                  new BackfillBenchmark.Plan(
                      days,
                      events,
                      transactions,
                      Duration.ofSeconds(seconds),
                      contestants(),
                      settings),
                  progress::update)
              .run());
    }
    return ExitCode.DONE.number();
  }

  private List<Pace> contestants() {
    try {
      return paces.stream().map(Pace::parse).toList();
    } catch (NumberFormatException e) {
      throw new ParameterException(spec.commandLine(), "--paces: " + e.getMessage());
    }
  }
}
