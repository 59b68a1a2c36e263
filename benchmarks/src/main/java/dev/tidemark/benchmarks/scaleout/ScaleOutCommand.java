package dev.tidemark.benchmarks.scaleout;

import dev.tidemark.benchmarks.contest.Rounds;
import dev.tidemark.benchmarks.generator.EventFiles;
import dev.tidemark.benchmarks.generator.EventSequence;
import dev.tidemark.benchmarks.generator.Span;
import dev.tidemark.benchmarks.lakes.BenchSpark;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.console.Progress;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench scale-out}. */
@Command(
    name = "scale-out",
    description = {
      "A rollup of files on standalone clusters of one and of two workers of one core each.",
      "Events are kept in $TIDEMARK_HOME/benchmarks/scale-out."
    })
@Exits(ExitCode.MISMATCH)
public final class ScaleOutCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = "--events",
      paramLabel = "N",
      description = "deliveries, re-deliveries included (default: ${DEFAULT-VALUE})")
  private long events = 5_000_000;

  @Mixin private Rounds rounds;

  /** The command, which speaks through a console. */
  public ScaleOutCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    if (events < 1) {
      throw new ParameterException(spec.commandLine(), "--events is at least 1");
    }
    Path folder =
        Path.of(Settings.text(console.config(), "home"), "benchmarks", "scale-out")
            .toAbsolutePath();
    Files.createDirectories(folder);
    try (Progress progress = console.progress()) {
      EventFiles.Written written =
          new EventFiles(
                  new EventSequence(events, Span.MONTH, 1), BenchSpark.THREADS, progress::update)
              .all(folder, "events-" + events);
      Path module = Path.of(System.getProperty("tidemark.launcher")).resolveSibling("jobs");
      console.show(
          new ScaleOutBenchmark(folder, module, written, rounds.counted(), progress::update).run());
    }
    return ExitCode.DONE.number();
  }
}
