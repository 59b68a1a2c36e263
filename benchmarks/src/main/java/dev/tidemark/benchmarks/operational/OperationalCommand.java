package dev.tidemark.benchmarks.operational;

import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.console.Progress;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench operational}. */
@Command(
    name = "operational",
    description = {
      "What services ask of the operational schema, by 8 clients at once,",
      "at a tenth of the size and at the whole. It keeps a Postgres of its own",
      "in $TIDEMARK_HOME/benchmarks/operational for the next time."
    })
@Exits({ExitCode.REFUSED, ExitCode.UNREACHABLE})
public final class OperationalCommand implements Callable<Integer> {
  private static final int TENTH = 10;

  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = "--organizations",
      paramLabel = "N",
      description = "at the whole size (default: ${DEFAULT-VALUE})")
  private long organizations = 10_000_000;

  @Option(
      names = "--events",
      paramLabel = "N",
      description = "at the whole size (default: ${DEFAULT-VALUE})")
  private long events = 30_000_000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "of what the clients ask for (default: ${DEFAULT-VALUE})")
  private long seed = 1;

  /** The command, which speaks through a console. */
  public OperationalCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    if (organizations < 1 || events < 1) {
      throw new ParameterException(
          spec.commandLine(), "--organizations and --events are at least 1");
    }
    List<Scale> scales = new ArrayList<>();
    if (organizations >= TENTH && events >= TENTH) {
      scales.add(new Scale(organizations / TENTH, events / TENTH));
    }
    scales.add(new Scale(organizations, events));
    Path folder =
        Path.of(Settings.text(console.config(), "home"), "benchmarks", "operational")
            .toAbsolutePath();
    try (Progress progress = console.progress()) {
      console.show(
          new OperationalBenchmark(folder, line -> update(progress, line)).run(scales, seed));
    }
    return ExitCode.DONE.number();
  }

  /** Several loaders tell how far they are. */
  private static synchronized void update(Progress progress, String line) {
    progress.update(line);
  }
}
