package dev.tidemark.benchmarks.histogram;

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
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench histogram}. */
@Command(
    name = "histogram",
    description = {
      "What latency histograms add to the rollup, how large they are, and how far their quantiles lie",
      "from exact ones, also after merging 24 hours and 365 days."
    })
@Exits(ExitCode.MISMATCH)
public final class HistogramCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = "--events",
      paramLabel = "N",
      description = "deliveries within 30 days (default: ${DEFAULT-VALUE})")
  private long events = 20_000_000;

  @Option(
      names = "--year-events",
      paramLabel = "N",
      description = "deliveries within 365 days, for the errors (default: ${DEFAULT-VALUE})")
  private long yearEvents = 2_000_000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "of the events (default: ${DEFAULT-VALUE})")
  private long seed = 1;

  @Mixin private Rounds rounds;

  /** The command, which speaks through a console. */
  public HistogramCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    if (events < 1 || yearEvents < 1) {
      throw new ParameterException(spec.commandLine(), "--events is at least 1");
    }
    Path benchmarks =
        Path.of(Settings.text(console.config(), "home"), "benchmarks").toAbsolutePath();
    Path folder = benchmarks.resolve("histogram-%d-%d".formatted(yearEvents, seed));
    Path rollup = benchmarks.resolve("rollup"); // shares its events
    String name = "%d-%d".formatted(events, seed);
    try (Progress progress = console.progress();
        SparkSession spark = BenchSpark.open(console.config())) {
      EventFiles.Written month =
          new EventFiles(
                  new EventSequence(events, Span.MONTH, seed), BenchSpark.THREADS, progress::update)
              .all(rollup, "events-" + name);
      EventFiles.Written year =
          new EventFiles(
                  new EventSequence(yearEvents, Span.YEAR, seed),
                  BenchSpark.THREADS,
                  progress::update)
              .all(folder, "events");
      console.show(
          new HistogramBenchmark(spark, folder, rounds.counted(), progress::update)
              .run(month, rollup.resolve("lake-" + name).resolve("landed"), year));
    }
    return ExitCode.DONE.number();
  }
}
