package dev.tidemark.pipeline.rollup;

import static org.apache.spark.sql.functions.bit_xor;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import dev.tidemark.pipeline.metrics.LatencyFunctions;
import dev.tidemark.pipeline.quality.Conditions;
import dev.tidemark.pipeline.quality.HourSums;
import dev.tidemark.pipeline.quality.QualityRule;
import dev.tidemark.pipeline.source.RawEvents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The sums of one window, by which events, groups and rows of a rollup are compared.
 *
 * @param measures in the order of {@link #MEASURES}
 * @param series how many rows of the rollup; 0 for events
 * @param fingerprint hash over all numbers of those rows; 0 for events
 * @param lateness see {@link Lateness}; null for rows of a rollup
 * @param broken how often each quality condition is broken; empty for rows of a rollup
 */
record WindowTotals(
    List<Long> measures, long series, long fingerprint, List<Long> lateness, List<Long> broken) {
  /** What is summed up; the last is the mass of the latency histograms. */
  static final List<String> MEASURES = HourSums.MEASURES;

  /** A window that holds nothing. */
  static final WindowTotals NOTHING =
      new WindowTotals(
          Collections.nCopies(MEASURES.size(), 0L),
          0,
          0,
          Collections.nCopies(Lateness.BOUNDS.size() + 1, 0L),
          List.of());

  /**
   * The sums of landed events; plain SQL, which shares nothing with the kernel.
   *
   * @param conditions evaluated in the same pass
   */
  static SortedMap<Instant, WindowTotals> ofEvents(
      Dataset<Row> events, Column window, List<QualityRule> conditions) {
    List<Column> sums =
        List.of(
            count_if(col("status").notEqual("success")).as("errors"),
            sum("input_tokens").as("input_tokens"),
            sum("cached_input_tokens").as("cached_input_tokens"),
            sum("output_tokens").as("output_tokens"),
            sum("cost_nano_usd").as("cost_nano_usd"),
            count(col("latency_ms")).as("latencies"),
            lit(0L).as("series"),
            lit(0L).as("fingerprint"),
            Lateness.histogram().as("lateness"));
    List<Column> all = new ArrayList<>(sums);
    all.addAll(Conditions.counts(conditions));
    Dataset<Row> hours =
        events
            .groupBy(window.as(HourSums.WINDOW_START))
            .agg(count(lit(1)).as("requests"), all.toArray(Column[]::new));
    if (conditions.isEmpty()) {
      return collected(hours);
    }
    List<Column> columns = new ArrayList<>(List.of(col(HourSums.WINDOW_START)));
    MEASURES.forEach(measure -> columns.add(col(measure)));
    columns.addAll(List.of(col("series"), col("fingerprint"), col("lateness")));
    columns.add(Conditions.broken(conditions).as("broken"));
    return collected(
        hours
            .withColumn(HourSums.ERROR_RATE, col("errors").cast("double").divide(col("requests")))
            .select(columns.toArray(Column[]::new)));
  }

  /** The sums of rows of a rollup. */
  static SortedMap<Instant, WindowTotals> ofRollup(Dataset<Row> rows, Column window) {
    return ofRollup(rows, window, bit_xor(hash()));
  }

  /** The sums of rows of a rollup, or of those to be, without a fingerprint. */
  static SortedMap<Instant, WindowTotals> ofGroups(Dataset<Row> groups, Column window) {
    return ofRollup(groups, window, lit(0L));
  }

  private static SortedMap<Instant, WindowTotals> ofRollup(
      Dataset<Row> rows, Column window, Column fingerprint) {
    return collected(
        rows.groupBy(window.as("window_start"))
            .agg(
                sum("request_count"),
                sum("error_count"),
                sum("input_tokens"),
                sum("cached_input_tokens"),
                sum("output_tokens"),
                sum("cost_nano_usd"),
                coalesce(sum(LatencyFunctions.count(col("latency_histogram"))), lit(0L)),
                count(lit(1)),
                fingerprint,
                lit(null)));
  }

  /** Nulls among dimensions count (EX-15): Spark's hash passes over them. */
  private static Column hash() {
    List<Column> values = new ArrayList<>();
    for (String dimension : RawEvents.DIMENSIONS) {
      values.add(col(dimension).isNull());
      values.add(col(dimension));
    }
    for (String measure :
        List.of(
            "request_count",
            "error_count",
            "input_tokens",
            "cached_input_tokens",
            "output_tokens",
            "cost_nano_usd",
            "latency_ms_sum",
            "latency_ms_min",
            "latency_ms_max",
            "latency_histogram",
            "first_event_at",
            "last_event_at")) {
      values.add(col(measure));
    }
    return xxhash64(values.toArray(Column[]::new));
  }

  private static SortedMap<Instant, WindowTotals> collected(Dataset<Row> totals) {
    SortedMap<Instant, WindowTotals> windows = new TreeMap<>();
    int figures = MEASURES.size();
    for (Row row : totals.collectAsList()) {
      List<Long> measures = new ArrayList<>();
      for (int column = 1; column <= figures; column++) {
        measures.add(row.getLong(column));
      }
      windows.put(
          row.getTimestamp(0).toInstant(),
          new WindowTotals(
              measures,
              row.getLong(figures + 1),
              row.getLong(figures + 2),
              row.isNullAt(figures + 3) ? null : row.getList(figures + 3),
              row.length() == figures + 4 ? List.of() : row.getList(figures + 4)));
    }
    return windows;
  }

  /** What quality rules judge. */
  static SortedMap<Instant, HourSums> judged(SortedMap<Instant, WindowTotals> windows) {
    SortedMap<Instant, HourSums> hours = new TreeMap<>();
    windows.forEach(
        (window, totals) -> hours.put(window, new HourSums(totals.measures(), totals.broken())));
    return hours;
  }

  /** Every figure on which two sides disagree; a window that one side lacks counts as nothing. */
  static List<WindowDifference> differences(
      String table,
      SortedMap<Instant, WindowTotals> expected,
      SortedMap<Instant, WindowTotals> actual) {
    List<WindowDifference> differences = new ArrayList<>();
    SortedMap<Instant, WindowTotals> all = new TreeMap<>(expected);
    actual.forEach(all::putIfAbsent);
    for (Instant window : all.keySet()) {
      List<Long> left = expected.getOrDefault(window, NOTHING).measures();
      List<Long> right = actual.getOrDefault(window, NOTHING).measures();
      for (int i = 0; i < MEASURES.size(); i++) {
        if (!left.get(i).equals(right.get(i))) {
          differences.add(
              new WindowDifference(table, window, MEASURES.get(i), left.get(i), right.get(i)));
        }
      }
    }
    return differences;
  }
}
