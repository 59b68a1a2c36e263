package dev.tidemark.benchmarks.queries;

import dev.tidemark.benchmarks.contest.Contest;
import dev.tidemark.benchmarks.lakes.BenchSpark;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.console.Progress;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.maintenance.MaintenanceSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench queries}. */
@Command(
    name = "queries",
    description = {
      "What the documents ask of 12 months of rollups, in a warm session of Spark, beside DuckDB on",
      "the same files. The rows are made up; they are kept in $TIDEMARK_HOME/benchmarks/queries."
    })
@Exits(ExitCode.MISMATCH)
public final class QueriesCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "in either rollup (default: ${DEFAULT-VALUE})")
  private long rows = 10_000_000;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "counted runs of each contestant, at least 5 (default: ${DEFAULT-VALUE})")
  private int rounds = 20;

  /** The command, which speaks through a console. */
  public QueriesCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    if (rows < 1 || rounds < Contest.FEWEST_RUNS) {
      throw new ParameterException(
          spec.commandLine(), "--rows is at least 1, --rounds at least " + Contest.FEWEST_RUNS);
    }
    Path folder =
        Path.of(Settings.text(console.config(), "home"), "benchmarks", "queries").toAbsolutePath();
    Files.createDirectories(folder);
    try (Progress progress = console.progress();
        SparkSession spark = BenchSpark.open(console.config())) {
      Lake lake =
          RollupLake.of(
              spark,
              folder.resolve("lake-" + rows),
              rows,
              MaintenanceSettings.from(console.config()),
              progress::update);
      console.show(
          new QueriesBenchmark(spark, lake, folder.resolve("spill"), rounds, progress::update)
              .run());
    }
    return ExitCode.DONE.number();
  }
}
