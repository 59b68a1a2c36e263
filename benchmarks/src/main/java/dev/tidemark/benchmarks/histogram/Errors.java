package dev.tidemark.benchmarks.histogram;

import dev.tidemark.benchmarks.contest.ResultDiffers;
import dev.tidemark.benchmarks.lakes.DuckDb;
import dev.tidemark.migrator.sql.SqlResource;
import dev.tidemark.pipeline.metrics.LatencyFunctions;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How far quantiles of merged histograms lie from exact ones, by DuckDB from the events. */
final class Errors {
  private static final int QUANTILES = 3;

  private Errors() {}

  /**
   * The largest relative error of p50, p95 and p99 of all organizations and periods.
   *
   * @param hours groups of hours
   * @param events of which they are, as DuckDB names them
   * @param ours a period by Spark, of {@code window_start}
   * @param theirs the same by DuckDB, of {@code occurred_at}
   */
  static double largest(
      Dataset<Row> hours, DuckDb duckdb, String events, String ours, String theirs)
      throws SQLException {
    LatencyFunctions.register(hours.sparkSession());
    hours.createOrReplaceTempView("measured_hours");
    Map<String, double[]> merged = new HashMap<>();
    for (Row row :
        hours
            .sparkSession()
            .sql(
                """
                SELECT organization_id, period, latency_quantile(h, 0.5), latency_quantile(h, 0.95), latency_quantile(h, 0.99)
                FROM (
                  SELECT organization_id, CAST(%s AS STRING) AS period, latency_merge(latency_histogram) AS h
                  FROM measured_hours WHERE latency_histogram IS NOT NULL GROUP BY 1, 2
                )
                """
                    .formatted(ours))
            .collectAsList()) {
      merged.put(
          row.getString(0) + " " + row.getString(1),
          new double[] {row.getDouble(2), row.getDouble(3), row.getDouble(4)});
    }
    String exact =
        SqlResource.read(Errors.class, "exact.sql")
            .replace("${period}", "(" + theirs + ")::VARCHAR")
            .replace("${events}", events);
    double[] largest = {0};
    long[] compared = {0};
    duckdb.rows(
        exact,
        row -> {
          double[] quantiles = merged.get(row.getString(1) + " " + row.getString(2));
          for (int quantile = 0; quantile < QUANTILES; quantile++) {
            double truth = row.getDouble(QUANTILES + quantile);
            if (truth > 0) {
              largest[0] = Math.max(largest[0], Math.abs(quantiles[quantile] - truth) / truth);
            }
          }
          compared[0]++;
        });
    ResultDiffers.unless("tidemark_histogram", compared[0], (long) merged.size());
    return largest[0];
  }
}
