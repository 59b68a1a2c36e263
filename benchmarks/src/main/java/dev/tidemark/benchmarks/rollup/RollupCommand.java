package dev.tidemark.benchmarks.rollup;

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

/** {@code bench rollup}. */
@Command(
    name = "rollup",
    description = {
      "The main job, from events of 30 days to hours with their latencies, beside DuckDB and plain",
      "Spark over the same files, on two threads: on raw files with re-deliveries, on landed events,",
      "and with the result written. Events are kept in $TIDEMARK_HOME/benchmarks/rollup."
    })
@Exits(ExitCode.MISMATCH)
public final class RollupCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = "--events",
      paramLabel = "N",
      description = "deliveries, re-deliveries included (default: ${DEFAULT-VALUE})")
  private long events = 20_000_000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "of the events (default: ${DEFAULT-VALUE})")
  private long seed = 1;

  @Mixin private Rounds rounds;

  @Option(
      names = "--only",
      paramLabel = "PART",
      description = "raw or landed; for a closer look (default: both)")
  private String only = "";

  /** The command, which speaks through a console. */
  public RollupCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    if (events < 1) {
      throw new ParameterException(spec.commandLine(), "--events is at least 1");
    }
    Path folder =
        Path.of(Settings.text(console.config(), "home"), "benchmarks", "rollup").toAbsolutePath();
    String name = "%d-%d".formatted(events, seed);
    try (Progress progress = console.progress();
        SparkSession spark = BenchSpark.open(console.config())) {
      EventFiles.Written written =
          new EventFiles(
                  new EventSequence(events, Span.MONTH, seed), BenchSpark.THREADS, progress::update)
              .all(folder, "events-" + name);
      console.show(
          new RollupBenchmark(
                  spark,
                  folder.resolve("lake-" + name),
                  written,
                  rounds.counted(),
                  progress::update)
              .run(!only.equals("raw"), !only.equals("landed")));
    }
    return ExitCode.DONE.number();
  }
}
