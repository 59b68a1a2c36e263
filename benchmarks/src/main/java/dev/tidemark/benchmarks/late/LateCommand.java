package dev.tidemark.benchmarks.late;

import dev.tidemark.benchmarks.contest.Rounds;
import dev.tidemark.benchmarks.lakes.BenchSpark;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.console.Progress;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench late}. */
@Command(
    name = "late",
    description = {
      "24 late hours of 3 days, landed and rolled up in a table of 30 days and in one of 300,",
      "beside rebuilding 30 days. The tables are kept in $TIDEMARK_HOME/benchmarks/late."
    })
@Exits(ExitCode.MISMATCH)
public final class LateCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = "--events",
      paramLabel = "N",
      description = "of each day (default: ${DEFAULT-VALUE})")
  private long events = 30_000;

  @Mixin private Rounds rounds;

  /** The command, which speaks through a console. */
  public LateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    if (events < 1) {
      throw new ParameterException(spec.commandLine(), "--events is at least 1");
    }
    Path folder =
        Path.of(Settings.text(console.config(), "home"), "benchmarks", "late").toAbsolutePath();
    Files.createDirectories(folder);
    try (Progress progress = console.progress();
        SparkSession spark = BenchSpark.open(console.config())) {
      console.show(
          new LateBenchmark(spark, folder, events, rounds.counted(), progress::update).run());
    }
    return ExitCode.DONE.number();
  }
}
