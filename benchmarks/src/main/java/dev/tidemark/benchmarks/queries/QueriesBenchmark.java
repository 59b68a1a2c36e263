package dev.tidemark.benchmarks.queries;

import static dev.tidemark.benchmarks.contest.Figures.shown;

import dev.tidemark.benchmarks.contest.Contest;
import dev.tidemark.benchmarks.contest.ContestReport;
import dev.tidemark.benchmarks.contest.Contestant;
import dev.tidemark.benchmarks.contest.Goal;
import dev.tidemark.benchmarks.contest.Memory;
import dev.tidemark.benchmarks.contest.Ratio;
import dev.tidemark.benchmarks.contest.ResultDiffers;
import dev.tidemark.benchmarks.contest.Turn;
import dev.tidemark.benchmarks.lakes.DuckDb;
import dev.tidemark.benchmarks.lakes.LandedLake;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.metrics.MetricsViews;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Each query in a warm session of Spark and by DuckDB over the same files, in turn. */
final class QueriesBenchmark {
  private static final double MOST_SECONDS = 2;
  private static final double MOST_TIMES_DUCKDB = 3;
  private static final double P95 = 0.95;
  private static final List<String> QUERIES =
      List.of("daily-trend", "hourly-trend", "top-organizations", "error-rate");
  private static final String WITHOUT_PEER = "p99-by-week";
  private static final String DEFINE = "CREATE OR REPLACE VIEW %s AS SELECT * FROM %s";

  private final SparkSession spark;
  private final Lake lake;
  private final Path spill;
  private final int runs;
  private final Consumer<String> progress;

  QueriesBenchmark(SparkSession spark, Lake lake, Path spill, int runs, Consumer<String> progress) {
    this.spark = spark;
    this.lake = lake;
    this.spill = spill;
    this.runs = runs;
    this.progress = progress;
  }

  ContestReport run() throws Exception {
    ContestReport report = new ContestReport("queries");
    lake.usageDaily().read().createOrReplaceTempView("usage_daily");
    lake.usageHourly().read().createOrReplaceTempView("usage_hourly");
    MetricsViews.register(spark);
    // Neither the largest, which is as good as a scan, nor one of a few rows.
    String organization =
        spark
            .sql(
                "SELECT organization_id FROM usage_daily GROUP BY 1"
                    + " ORDER BY sum(request_count) DESC LIMIT 1 OFFSET 100")
            .first()
            .getString(0);
    Map<String, Object> skipping = new LinkedHashMap<>();
    try (DuckDb duckDb = new DuckDb(spill)) {
      for (String table : List.of("usage_daily", "usage_hourly")) {
        duckDb.execute(
            DEFINE.formatted(table, DuckDb.parquet(LandedLake.files(lake.table(table)))));
      }
      for (String query : QUERIES) {
        String sql = sql(query, organization);
        skipping.put(query, files(query, sql));
        Contest contest = new Contest(3, runs, progress);
        Contestant ours = contest.enter(query + "_tidemark", ours(sql, sumByDuckDb(duckDb, sql)));
        Contestant theirs =
            contest.enter(query + "_duckdb", Memory.NATIVE, () -> sumByDuckDb(duckDb, sql));
        contest.run();
        report
            .contestants(ours, theirs)
            .atMost(MOST_TIMES_DUCKDB, Ratio.ofWall(query + "_to_duckdb", ours, theirs))
            .goal(quick(query, ours));
      }
      skipping.put(
          "row_groups_of_one_organization_in_usage_daily", rowGroups(duckDb, organization));
    }
    String sql = sql(WITHOUT_PEER, organization);
    skipping.put(WITHOUT_PEER, files(WITHOUT_PEER, sql));
    Contest contest = new Contest(3, runs, progress);
    Contestant alone =
        contest.enter(WITHOUT_PEER + "_tidemark", () -> spark.sql(sql).collectAsList());
    contest.run();
    return report
        .contestants(alone)
        .goal(quick(WITHOUT_PEER, alone))
        .with("rows_daily", lake.usageDaily().read().count())
        .with("rows_hourly", lake.usageHourly().read().count())
        .with("files_read", skipping);
  }

  private static String sql(String query, String organization) {
    return RollupLake.resource(query + ".sql").replace("${organization}", organization);
  }

  private Turn<List<Row>> ours(String sql, long expected) {
    return new Turn<>() {
      @Override
      public List<Row> work() {
        return spark.sql(sql).collectAsList();
      }

      @Override
      public void check(List<Row> rows) {
        long requests = 0;
        for (Row row : rows) {
          requests += row.<Long>getAs("requests");
        }
        ResultDiffers.unless("the query", expected, requests);
      }
    };
  }

  /** All rows of the answer, of which the requests are added up. */
  private static long sumByDuckDb(DuckDb duckDb, String sql) throws SQLException {
    return duckDb.row(
        sql,
        rows -> {
          long requests = 0;
          do {
            requests += rows.getLong("requests");
          } while (rows.next());
          return requests;
        });
  }

  private static Goal quick(String query, Contestant ours) {
    List<Double> sorted = ours.wallSeconds().stream().sorted().toList();
    double p95 = sorted.get((int) Math.ceil(P95 * sorted.size()) - 1);
    return new Goal(
        query + ", 95th percentile", shown(p95) + " s", "under 2 s", p95 < MOST_SECONDS);
  }

  /** How many of the table's files are left after statistics and partitions. */
  private String files(String query, String sql) {
    Dataset<Row> planned = spark.sql(sql);
    String table = query.startsWith("hourly") ? "usage_hourly" : "usage_daily";
    return "%d of %d files"
        .formatted(planned.inputFiles().length, lake.table(table).read().inputFiles().length);
  }

  private String rowGroups(DuckDb duckDb, String organization) throws SQLException {
    List<String> files = new ArrayList<>(LandedLake.files(lake.usageDaily()));
    return duckDb.row(
        ("SELECT count(*) FILTER (WHERE '%s' BETWEEN stats_min_value AND stats_max_value), count(*)"
                + " FROM %s WHERE path_in_schema = 'organization_id'")
            .formatted(
                organization, DuckDb.parquet(files).replace("read_parquet", "parquet_metadata")),
        row -> "%d of %d row groups".formatted(row.getLong(1), row.getLong(2)));
  }
}
