package dev.tidemark.benchmarks.extract;

import dev.tidemark.benchmarks.contest.Contest;
import dev.tidemark.benchmarks.contest.ContestReport;
import dev.tidemark.benchmarks.contest.Contestant;
import dev.tidemark.benchmarks.contest.Figures;
import dev.tidemark.benchmarks.contest.Ratio;
import dev.tidemark.benchmarks.contest.ResultDiffers;
import dev.tidemark.benchmarks.contest.Turn;
import dev.tidemark.benchmarks.generator.EventFiles;
import dev.tidemark.benchmarks.generator.Span;
import dev.tidemark.benchmarks.lakes.LandedLake;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.landing.Landing;
import dev.tidemark.pipeline.landing.LandingReport;
import dev.tidemark.pipeline.source.PendingEvents;
import dev.tidemark.pipeline.source.postgres.PostgresServer;
import dev.tidemark.pipeline.source.postgres.PostgresSource;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.postgresql.PGConnection;

/** All rows of {@code usage_events}, taken out by each contestant in turn. */
final class ExtractBenchmark {
  private static final double LEAST_TIMES_JDBC = 1.5;
  private static final double LEAST_OF_COPY = 0.5;
  private static final String JDBC_PARTITIONS = "4";

  /** What Spark's JDBC source reads, of the types that it has. */
  private static final String ROWS =
      "(SELECT id::text AS event_id, occurred_at, received_at, organization_id::text,"
          + " workspace_id::text, user_id::text, api_key_id::text, provider, model, operation,"
          + " status, input_tokens, cached_input_tokens, output_tokens, latency_ms,"
          + " time_to_first_token_ms, cost_nano_usd FROM usage_events) AS events";

  private final SparkSession spark;
  private final Path folder;
  private final Database database;
  private final long rows;
  private final int runs;
  private final Consumer<String> progress;
  private int copies;

  /**
   * @param rows how many the table holds
   */
  ExtractBenchmark(
      SparkSession spark,
      Path folder,
      Database database,
      long rows,
      int runs,
      Consumer<String> progress) {
    this.spark = spark;
    this.folder = folder;
    this.database = database;
    this.rows = rows;
    this.runs = runs;
    this.progress = progress;
  }

  ContestReport run() throws Exception {
    ContestReport report = new ContestReport("extract");
    EventFiles.delete(folder.resolve("out"));
    Files.createDirectories(folder.resolve("out"));
    Contest contest = new Contest(2, runs, progress);
    Contestant landed = contest.enter("tidemark_landed", new Landed());
    Contestant jdbc = contest.enter("spark_jdbc_to_parquet", new JdbcToParquet());
    Contestant extracted = contest.enter("tidemark_read_to_parquet", new ReadToParquet());
    Contestant copy =
        contest.enter(
            "copy_binary",
            new Turn<Long>() {
              @Override
              public Long work() throws Exception {
                return copyOut();
              }

              @Override
              public void check(Long copied) {
                ResultDiffers.unless("COPY", rows, copied);
              }
            });
    contest.run();
    Map<String, Object> rates = new LinkedHashMap<>();
    for (Contestant one : List.of(landed, jdbc, extracted, copy)) {
      rates.put(one.name(), Math.round(rows / Figures.median(one.wallSeconds())));
    }
    // The speed is what is compared, so the other's time stands above.
    return report
        .contestants(landed, jdbc, extracted, copy)
        .atLeast(LEAST_TIMES_JDBC, Ratio.ofWall("landed_rate_to_spark_jdbc", jdbc, landed))
        .ratio(Ratio.ofWall("read_rate_to_spark_jdbc", jdbc, extracted))
        .atLeast(LEAST_OF_COPY, Ratio.ofWall("landed_rate_to_copy", copy, landed))
        .ratio(Ratio.ofWall("read_rate_to_copy", copy, extracted))
        .with("rows", rows)
        .with("rows_per_second", rates);
  }

  private PostgresServer server() {
    return new PostgresServer(database.jdbcUrl(), database.user(), database.password());
  }

  private Path fresh() {
    return folder.resolve("out").resolve("run-" + copies++);
  }

  /** The product's whole way: read, judge, de-duplicate, identify, write, commit. */
  private final class Landed implements Turn<LandingReport> {
    private Path own;
    private Lake lake;

    @Override
    public void prepare() {
      own = fresh();
      lake = LandedLake.empty(spark, own);
    }

    @Override
    public LandingReport work() {
      return new Landing(lake, Duration.ofHours(24), "bench")
          .land(PostgresSource.open(spark, server()));
    }

    @Override
    public void check(LandingReport done) throws Exception {
      ResultDiffers.unless("the landing", rows, done.landed());
      checkSum(lake.usageEvents().read());
    }

    @Override
    public void clean() throws Exception {
      EventFiles.delete(own);
    }
  }

  /** Its reader alone, written as the other one writes. */
  private final class ReadToParquet implements Turn<Path> {
    private Path own;
    private Lake lake;

    @Override
    public void prepare() {
      own = fresh();
      lake = LandedLake.empty(spark, own.resolve("lake"));
    }

    @Override
    public Path work() {
      PostgresSource source = PostgresSource.open(spark, server());
      try (PendingEvents pending =
          source
              .pending(new Landing(lake, Duration.ofHours(24), "bench").progress(source))
              .orElseThrow()) {
        pending.rows().write().parquet(own.resolve("rows").toString());
      }
      return own.resolve("rows");
    }

    @Override
    public void check(Path written) throws Exception {
      checkSum(spark.read().parquet(written.toString()));
    }

    @Override
    public void clean() throws Exception {
      EventFiles.delete(own);
    }
  }

  private final class JdbcToParquet implements Turn<Path> {
    private Path own;

    @Override
    public void prepare() {
      own = fresh();
    }

    @Override
    public Path work() {
      jdbc().write().parquet(own.toString());
      return own;
    }

    @Override
    public void check(Path written) throws Exception {
      checkSum(spark.read().parquet(written.toString()));
    }

    @Override
    public void clean() throws Exception {
      EventFiles.delete(own);
    }
  }

  /**
   * As its documentation recommends: partitions of the time, and more than 10 rows a round trip.
   */
  private Dataset<Row> jdbc() {
    Properties login = new Properties();
    login.put("user", database.user());
    login.put("password", database.password());
    login.put("fetchsize", "10000");
    login.put("partitionColumn", "occurred_at");
    login.put("lowerBound", Span.MONTH.start().toString().replace('T', ' ').replace("Z", ""));
    login.put("upperBound", Span.MONTH.end().toString().replace('T', ' ').replace("Z", ""));
    login.put("numPartitions", JDBC_PARTITIONS);
    return spark.read().jdbc(database.jdbcUrl(), ROWS, login);
  }

  private Long copyOut() throws Exception {
    try (Connection connection = database.connect()) {
      return connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyOut(
              "COPY (SELECT * FROM usage_events) TO STDOUT (FORMAT binary)",
              OutputStream.nullOutputStream());
    }
  }

  private void checkSum(Dataset<Row> found) throws Exception {
    Row sums = found.selectExpr("count(*)", "sum(input_tokens)").first();
    ResultDiffers.unless("the rows", rows, sums.getLong(0));
    ResultDiffers.unless(
        "the tokens",
        EventTable.number(database, "SELECT sum(input_tokens) FROM usage_events"),
        sums.getLong(1));
  }
}
