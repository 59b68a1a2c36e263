package dev.tidemark.benchmarks.year;

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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench year}. */
@Command(
    name = "year",
    description = {
      "A year of events on this machine: generated in twelve parts, each landed and rolled up, hours",
      "and days; the files of a part are deleted once it is landed."
    })
@Exits(ExitCode.MISMATCH)
public final class YearCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = "--events",
      paramLabel = "N",
      description = "deliveries of 365 days (default: ${DEFAULT-VALUE})")
  private long events = 1_000_000_000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "of the events (default: ${DEFAULT-VALUE})")
  private long seed = 1;

  /** The command, which speaks through a console. */
  public YearCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    if (events < 1) {
      throw new ParameterException(spec.commandLine(), "--events is at least 1");
    }
    Path folder =
        Path.of(Settings.text(console.config(), "home"), "benchmarks", "year").toAbsolutePath();
    try (Progress progress = console.progress();
        SparkSession spark = BenchSpark.open(console.config())) {
      EventSequence sequence = new EventSequence(events, Span.YEAR, seed);
      console.show(new YearBenchmark(spark, folder, sequence, progress::update).run());
    }
    return ExitCode.DONE.number();
  }
}
