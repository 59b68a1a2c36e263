package dev.tidemark.benchmarks.rollup;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import dev.tidemark.benchmarks.generator.Totals;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a contestant's groups add up to.
 *
 * @param groups of hour and series
 */
record Sums(
    long groups,
    long requests,
    long errors,
    long inputTokens,
    long cachedInputTokens,
    long outputTokens,
    long costNanoUsd,
    long latencyMillis) {
  private static final Column[] SUMS = {
    sum("request_count"),
    sum("error_count"),
    sum("input_tokens"),
    sum("cached_input_tokens"),
    sum("output_tokens"),
    sum("cost_nano_usd"),
    sum("latency_ms_sum")
  };

  /** What groups must add up to. */
  static Sums of(long groups, Totals totals) {
    return new Sums(
        groups,
        totals.events(),
        totals.errors(),
        totals.inputTokens(),
        totals.cachedInputTokens(),
        totals.outputTokens(),
        totals.costNanoUsd(),
        totals.latencyMillis());
  }

  /**
   * Adds up groups of Spark's.
   *
   * @param latency a number that cannot be had without the groups' distribution of latencies
   */
  static Sums of(Dataset<Row> groups, Column latency) {
    Column[] all = Arrays.copyOf(SUMS, SUMS.length + 1);
    all[SUMS.length] = sum(latency);
    Row row = groups.agg(count(lit(1)), all).head();
    return new Sums(
        row.getLong(0),
        row.getLong(1),
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        row.getLong(5),
        row.getLong(6),
        row.getLong(7));
  }

  /** Adds up ours, histograms made. */
  static Sums of(Dataset<Row> groups) {
    return of(groups, length(col("latency_histogram")));
  }

  static Sums read(ResultSet row) throws SQLException {
    return new Sums(
        row.getLong(1),
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        row.getLong(5),
        row.getLong(6),
        row.getLong(7),
        row.getLong(8));
  }
}
