package dev.tidemark.benchmarks.rollup;

import dev.tidemark.benchmarks.contest.Contest;
import dev.tidemark.benchmarks.contest.ContestReport;
import dev.tidemark.benchmarks.contest.Contestant;
import dev.tidemark.benchmarks.contest.Memory;
import dev.tidemark.benchmarks.contest.Ratio;
import dev.tidemark.benchmarks.contest.ResultDiffers;
import dev.tidemark.benchmarks.contest.Turn;
import dev.tidemark.benchmarks.generator.EventFiles;
import dev.tidemark.benchmarks.lakes.DuckDb;
import dev.tidemark.benchmarks.lakes.LandedLake;
import dev.tidemark.migrator.sql.SqlResource;
import dev.tidemark.pipeline.kernel.SipHash128;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.rollup.RollupStages;
import dev.tidemark.pipeline.source.RawEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Our hours beside DuckDB's and plain Spark's, over the same files. */
final class RollupBenchmark {
  private static final int WARM_UPS = 2;
  private static final String DIMENSIONS = String.join(", ", RawEvents.DIMENSIONS);
  private static final String SERIES = "series_id_high, series_id_low";

  private final SparkSession spark;
  private final Path folder;
  private final EventFiles.Written events;
  private final int runs;
  private final Consumer<String> progress;
  private int copies;

  /**
   * @param folder of the benchmark's own
   * @param events delivered
   */
  RollupBenchmark(
      SparkSession spark,
      Path folder,
      EventFiles.Written events,
      int runs,
      Consumer<String> progress) {
    this.spark = spark;
    this.folder = folder;
    this.events = events;
    this.runs = runs;
    this.progress = progress;
  }

  ContestReport run(boolean unique, boolean raw) throws Exception {
    ContestReport report = new ContestReport("rollup");
    report.with("events", events.totals().events());
    Files.createDirectories(folder);
    List<String> delivered = events.files().stream().map(Path::toString).toList();
    Sums truth = truth(delivered);
    report.with("groups", truth.groups());
    if (raw) {
      raw(report, truth);
    }
    if (unique) {
      Lake lake = LandedLake.of(spark, folder.resolve("landed"), events);
      unique(report, lake, truth);
      written(report, lake, truth);
    }
    return report;
  }

  private Sums truth(List<String> delivered) throws Exception {
    try (DuckDb duckdb = duckdb()) {
      long groups =
          duckdb.row(
              "SELECT count(*) FROM (SELECT DISTINCT time_bucket(INTERVAL 1 HOUR, occurred_at), %s FROM %s)"
                  .formatted(DIMENSIONS, DuckDb.parquet(delivered)),
              row -> row.getLong(1));
      return Sums.of(groups, events.totals());
    }
  }

  private void unique(ContestReport report, Lake lake, Sums truth) throws Exception {
    Contest contest = new Contest(WARM_UPS, runs, progress);
    String name = "tidemark_unique";
    SortedSet<Instant> hours = RollupStages.allHours(lake);
    Contestant ours =
        contest.enter(name, checked(name, truth, () -> Sums.of(RollupStages.hours(lake, hours))));
    Contestant theirs =
        contest.enter(
            "duckdb_unique", Memory.NATIVE, duckdbSums("duckdb_unique", landedGroups(lake), truth));
    contest.run();
    report.contestants(ours, theirs).atMost(0.8, Ratio.ofWall("duckdb_unique", ours, theirs));
  }

  private void written(ContestReport report, Lake lake, Sums truth) throws Exception {
    Contest contest = new Contest(1, runs, progress);
    Contestant ours =
        contest.enter(
            "tidemark_written",
            new Turn<Long>() {
              private Path folder;
              private Lake target;

              @Override
              public void prepare() throws Exception {
                folder = fresh("ours");
                target = LandedLake.linked(lake, folder);
              }

              @Override
              public Long work() {
                return RollupStages.rollUpHours(target, "bench");
              }

              @Override
              public void check(Long inserted) {
                ResultDiffers.unless("tidemark_written", truth.groups(), inserted);
                ResultDiffers.unless(
                    "tidemark_written", truth, Sums.of(target.usageHourly().read()));
              }

              @Override
              public void clean() throws Exception {
                EventFiles.delete(folder);
              }
            });
    Contestant theirs =
        contest.enter("duckdb_written", Memory.NATIVE, duckdbFiles(landedGroups(lake), truth));
    contest.run();
    report.contestants(ours, theirs).atMost(0.9, Ratio.ofWall("duckdb_written", ours, theirs));
  }

  private void raw(ContestReport report, Sums truth) throws Exception {
    Path dated = dated();
    List<String> delivered = files(dated);
    Contest contest = new Contest(WARM_UPS, runs, progress);
    String name = "tidemark_deduplicating";
    Contestant ours = contest.enter(name, checked(name, truth, () -> Sums.of(deduplicated(dated))));
    String events =
        "(SELECT DISTINCT ON (event_id, occurred_at) * FROM %s)"
            .formatted(DuckDb.parquet(delivered));
    name = "duckdb_deduplicating";
    Contestant theirs =
        contest.enter(
            name, Memory.NATIVE, duckdbSums(name, groups(events, DIMENSIONS, DIMENSIONS), truth));
    contest.run();
    report
        .contestants(ours, theirs)
        .atMost(0.6, Ratio.ofWall("duckdb_deduplicating", ours, theirs));

    Contest written = new Contest(1, runs, progress);
    Contestant fromRaw = written.enter("tidemark_from_raw", fromRaw(dated, truth));
    Contestant plain = written.enter("spark", plainSpark(dated, truth));
    written.run();
    report.contestants(fromRaw, plain).atMost(0.1, Ratio.ofCpu("spark_cpu", fromRaw, plain));
  }

  /** The deliveries in folders by the date of the event, as many senders lay them. */
  private Path dated() throws Exception {
    Path dated = folder.resolve("dated");
    Path complete = folder.resolve("dated_complete");
    if (!Files.exists(complete)) {
      EventFiles.delete(dated);
      progress.accept("laying deliveries out by date");
      List<String> delivered = events.files().stream().map(Path::toString).toList();
      try (DuckDb duckdb = duckdb()) {
        duckdb.execute(
            "COPY (SELECT *, occurred_at::DATE AS event_date FROM %s) TO '%s' (FORMAT parquet, PARTITION_BY (event_date))"
                .formatted(DuckDb.parquet(delivered), dated));
      }
      Files.createFile(complete);
    }
    return dated;
  }

  private static List<String> files(Path dated) throws IOException {
    try (Stream<Path> all = Files.walk(dated)) {
      return all.map(Path::toString).filter(file -> file.endsWith(".parquet")).sorted().toList();
    }
  }

  private Dataset<Row> deduplicated(Path dated) {
    return RollupStages.hoursOfDeliveries(
        spark.read().parquet(dated.toString()), new byte[SipHash128.KEY_BYTES]);
  }

  /** Ours, committed to a Delta table. */
  private Turn<Void> fromRaw(Path dated, Sums truth) {
    return new Turn<>() {
      private Path table;

      @Override
      public void prepare() {
        table = fresh("from-raw");
      }

      @Override
      public Void work() {
        deduplicated(dated)
            .withColumn("usage_date", functions.to_date(functions.col("window_start")))
            .write()
            .format("delta")
            .partitionBy("usage_date")
            .save(table.toString());
        return null;
      }

      @Override
      public void check(Void nothing) {
        ResultDiffers.unless(
            "tidemark_from_raw",
            truth,
            Sums.of(spark.read().format("delta").load(table.toString())));
      }

      @Override
      public void clean() throws Exception {
        EventFiles.delete(table);
      }
    };
  }

  private Turn<Void> plainSpark(Path dated, Sums truth) {
    return new Turn<>() {
      private Path table;

      @Override
      public void prepare() {
        table = fresh("plain");
        PlainSpark.create(spark, table, dated);
      }

      @Override
      public Void work() throws Exception {
        PlainSpark.merge(spark, table, dated);
        return null;
      }

      @Override
      public void check(Void nothing) {
        Dataset<Row> held = spark.read().format("delta").load(table.toString());
        ResultDiffers.unless(
            "spark", truth, Sums.of(held, functions.element_at(held.col("latency_quantiles"), 1)));
      }

      @Override
      public void clean() throws Exception {
        EventFiles.delete(table);
      }
    };
  }

  private Turn<Sums> duckdbSums(String name, String groups, Sums truth) {
    return checked(
        name,
        truth,
        () -> {
          try (DuckDb duckdb = duckdb()) {
            return duckdb.row(resource("duckdb-sums").replace("${groups}", groups), Sums::read);
          }
        });
  }

  private Turn<Void> duckdbFiles(String groups, Sums truth) {
    return new Turn<>() {
      private Path files;

      @Override
      public void prepare() {
        files = fresh("duckdb");
      }

      @Override
      public Void work() throws Exception {
        try (DuckDb duckdb = duckdb()) {
          duckdb.execute(
              "COPY (%s) TO '%s' (FORMAT parquet, PER_THREAD_OUTPUT)".formatted(groups, files));
        }
        return null;
      }

      @Override
      public void check(Void nothing) throws Exception {
        try (DuckDb duckdb = duckdb()) {
          String all = "SELECT * FROM read_parquet('" + files + "/*.parquet')";
          ResultDiffers.unless(
              "duckdb_written",
              truth,
              duckdb.row(resource("duckdb-sums").replace("${groups}", all), Sums::read));
        }
      }

      @Override
      public void clean() throws Exception {
        EventFiles.delete(files);
      }
    };
  }

  /** Grouped by the series' ids, as ours are: one value of each dimension stands for all. */
  private static String landedGroups(Lake lake) {
    String dimensions =
        RawEvents.DIMENSIONS.stream()
            .map(name -> "any_value(%1$s) AS %1$s".formatted(name))
            .collect(Collectors.joining(", "));
    return groups(DuckDb.parquet(LandedLake.files(lake.usageEvents())), dimensions, SERIES);
  }

  private static String groups(String events, String dimensions, String keys) {
    return resource("duckdb-groups")
        .replace("${events}", events)
        .replace("${dimensions}", dimensions)
        .replace("${keys}", keys);
  }

  private static Turn<Sums> checked(String name, Sums truth, Turn<Sums> turn) {
    return new Turn<>() {
      @Override
      public Sums work() throws Exception {
        return turn.work();
      }

      @Override
      public void check(Sums result) {
        ResultDiffers.unless(name, truth, result);
      }
    };
  }

  private Path fresh(String name) {
    return folder.resolve(name + "-" + System.nanoTime() + "-" + ++copies);
  }

  private DuckDb duckdb() throws Exception {
    return new DuckDb(folder.resolve("duckdb-spill"));
  }

  private static String resource(String name) {
    return SqlResource.read(RollupBenchmark.class, name + ".sql");
  }
}
