package dev.tidemark.benchmarks.extract;

import dev.tidemark.benchmarks.contest.Rounds;
import dev.tidemark.benchmarks.generator.EventSequence;
import dev.tidemark.benchmarks.generator.Span;
import dev.tidemark.benchmarks.lakes.BenchSpark;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.console.Progress;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.postgres.LocalServer;
import dev.tidemark.migrator.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench extract}. */
@Command(
    name = "extract",
    description = {
      "All rows of usage_events, extracted and landed, beside Spark's JDBC source written to",
      "Parquet and a binary COPY. It keeps a Postgres in $TIDEMARK_HOME/benchmarks/extract."
    })
@Exits({ExitCode.UNREACHABLE, ExitCode.MISMATCH})
public final class ExtractCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = "--events",
      paramLabel = "N",
      description = "in the table (default: ${DEFAULT-VALUE})")
  private long events = 2_000_000;

  @Mixin private Rounds rounds;

  /** The command, which speaks through a console. */
  public ExtractCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    if (events < 1) {
      throw new ParameterException(spec.commandLine(), "--events is at least 1");
    }
    Path folder =
        Path.of(Settings.text(console.config(), "home"), "benchmarks", "extract").toAbsolutePath();
    Files.createDirectories(folder);
    LocalServer server =
        new LocalServer(
            folder.resolve("postgres"),
            folder.resolve("programs"),
            Map.of("shared_buffers", "2GB", "max_wal_size", "4GB"));
    server.start();
    try (Progress progress = console.progress();
        SparkSession spark = BenchSpark.open(console.config())) {
      Database database =
          EventTable.of(server, new EventSequence(events, Span.MONTH, 1), progress::update);
      long rows = EventTable.number(database, "SELECT count(*) FROM usage_events");
      console.show(
          new ExtractBenchmark(spark, folder, database, rows, rounds.counted(), progress::update)
              .run());
    } finally {
      server.stop(LocalServer.StopMode.FAST);
    }
    return ExitCode.DONE.number();
  }
}
