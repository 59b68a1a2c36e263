package dev.tidemark.benchmarks.histogram;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import dev.tidemark.benchmarks.contest.Contest;
import dev.tidemark.benchmarks.contest.ContestReport;
import dev.tidemark.benchmarks.contest.Contestant;
import dev.tidemark.benchmarks.contest.Goal;
import dev.tidemark.benchmarks.contest.Ratio;
import dev.tidemark.benchmarks.contest.ResultDiffers;
import dev.tidemark.benchmarks.contest.Turn;
import dev.tidemark.benchmarks.generator.EventFiles;
import dev.tidemark.benchmarks.lakes.DuckDb;
import dev.tidemark.benchmarks.lakes.LandedLake;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.rollup.RollupStages;
import java.nio.file.Path;
import java.time.Instant;
import java.util.SortedSet;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The rollup with histograms beside the same with sums alone, and quantiles beside exact ones. */
final class HistogramBenchmark {
  private static final int WARM_UPS = 2;
  private static final double MOST_TIMES = 1.3;
  private static final double MOST_ERROR = 0.01;
  private static final long MOST_BYTES = 32;

  private final SparkSession spark;
  private final Path folder;
  private final int runs;
  private final Consumer<String> progress;

  HistogramBenchmark(SparkSession spark, Path folder, int runs, Consumer<String> progress) {
    this.spark = spark;
    this.folder = folder;
    this.runs = runs;
    this.progress = progress;
  }

  /**
   * @param month events of 30 days, to be rolled up
   * @param year events of 365 days, to be merged
   */
  ContestReport run(EventFiles.Written month, Path monthLake, EventFiles.Written year)
      throws Exception {
    ContestReport report = new ContestReport("histogram");
    Lake lake = LandedLake.of(spark, monthLake, month);
    SortedSet<Instant> hours = RollupStages.allHours(lake);
    Contest contest = new Contest(WARM_UPS, runs, progress);
    Contestant with =
        contest.enter(
            "with_histogram",
            requests(month, () -> RollupStages.hours(lake, hours), "length(latency_histogram)"));
    Contestant without =
        contest.enter("sums_alone", requests(month, () -> RollupStages.sums(lake, hours), "1"));
    contest.run();
    report
        .contestants(with, without)
        .with("events", month.totals().events())
        .atMost(MOST_TIMES, Ratio.ofWall("histogram_to_sums", with, without))
        .ratio(Ratio.ofCpu("histogram_to_sums_cpu", with, without));
    progress.accept("size of histograms");
    long bytes =
        RollupStages.hours(lake, hours)
            .where(col("latency_histogram").isNotNull())
            .agg(expr("cast(percentile(length(latency_histogram), 0.5) as bigint)"))
            .head()
            .getLong(0);
    report.goal(
        new Goal(
            "median size of a histogram",
            bytes + " bytes",
            "at most %d bytes".formatted(MOST_BYTES),
            bytes <= MOST_BYTES));
    errors(report, LandedLake.of(spark, folder.resolve("lake-year"), year));
    return report;
  }

  private void errors(ContestReport report, Lake lake) throws Exception {
    Dataset<Row> groups = RollupStages.hours(lake, RollupStages.allHours(lake)).persist();
    try (DuckDb duckdb = new DuckDb(folder.resolve("duckdb-spill"))) {
      String events = DuckDb.parquet(LandedLake.files(lake.usageEvents()));
      error(
          report,
          "an hour",
          Errors.largest(
              groups,
              duckdb,
              events,
              "unix_seconds(hour_start)",
              "epoch(time_bucket(INTERVAL 1 HOUR, occurred_at))::BIGINT"));
      error(
          report,
          "24 hours, merged",
          Errors.largest(
              groups,
              duckdb,
              events,
              "unix_seconds(hour_start) div 86400",
              "epoch(time_bucket(INTERVAL 1 DAY, occurred_at))::BIGINT // 86400"));
      error(report, "365 days, merged", Errors.largest(groups, duckdb, events, "0", "0"));
    } finally {
      groups.unpersist();
    }
  }

  private static void error(ContestReport report, String what, double error) {
    report.goal(
        new Goal(
            "largest error of p50, p95, p99 of an organization in " + what,
            "%.3f %%".formatted(100 * error),
            "at most 1 %",
            error <= MOST_ERROR));
  }

  private static Turn<Long> requests(
      EventFiles.Written events, Turn<Dataset<Row>> groups, String latency) {
    return new Turn<>() {
      @Override
      public Long work() throws Exception {
        return groups
            .work()
            .agg(
                expr("sum(request_count)"),
                expr("sum(cost_nano_usd)"),
                expr("sum(" + latency + ")"))
            .head()
            .getLong(0);
      }

      @Override
      public void check(Long requests) {
        ResultDiffers.unless("the rollup", events.totals().events(), requests);
      }
    };
  }
}
