package dev.tidemark.benchmarks.fixedcost;

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
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench fixed-cost}. */
@Command(
    name = "fixed-cost",
    description = {
      "`tidemark job rollup` with 100,000 new events in three hours, two of them days late, beside a",
      "run with nothing new: from the start of the process to its exit."
    })
@Exits(ExitCode.MISMATCH)
public final class FixedCostCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = "--events",
      paramLabel = "N",
      description = "deliveries of 30 days that are in the lake before (default: ${DEFAULT-VALUE})")
  private long events = 1_000_000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "of the events (default: ${DEFAULT-VALUE})")
  private long seed = 1;

  @Mixin private Rounds rounds;

  /** The command, which speaks through a console. */
  public FixedCostCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    if (events < 200_000) {
      throw new ParameterException(spec.commandLine(), "--events is at least 200000");
    }
    Path benchmarks =
        Path.of(Settings.text(console.config(), "home"), "benchmarks").toAbsolutePath();
    try (Progress progress = console.progress()) {
      EventFiles.Written history =
          new EventFiles(
                  new EventSequence(events, Span.MONTH, seed), BenchSpark.THREADS, progress::update)
              .all(benchmarks.resolve("rollup"), "events-%d-%d".formatted(events, seed));
      console.show(
          new FixedCostBenchmark(
                  System.getProperty("tidemark.launcher", "tidemark"),
                  benchmarks.resolve("fixed-cost"),
                  history,
                  rounds.counted(),
                  progress::update)
              .run());
    }
    return ExitCode.DONE.number();
  }
}
