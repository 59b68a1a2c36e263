package dev.tidemark.pipeline.reconciliation;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.landing.Landing;
import dev.tidemark.pipeline.metrics.LatencyFunctions;
import dev.tidemark.pipeline.rollup.Rollup;
import dev.tidemark.pipeline.source.EventSource;
import dev.tidemark.pipeline.source.PendingEvents;
import dev.tidemark.pipeline.sql.SqlResource;
import dev.tidemark.pipeline.window.Days;
import dev.tidemark.pipeline.window.Micros;
import dev.tidemark.pipeline.window.TimeRange;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Compares source, landed events, hours and days with each other, window by window: counts, errors,
 * tokens, cost and the mass of the latency histograms. Written in plain SQL, so that it shares
 * nothing with the kernel whose work it proves.
 *
 * <p>Landed events are taken as of the version that the rollups have consumed; what has been landed
 * since is not a mismatch but work to be done.
 */
public final class Reconciliation {
  private static final int MOST_EXAMPLES = 100;

  private static final List<String> MEASURES =
      List.of(
          "requests",
          "errors",
          "input_tokens",
          "cached_input_tokens",
          "output_tokens",
          "cost_nano_usd",
          "latencies");

  private final Lake lake;
  private final Optional<TimeRange> range;

  /**
   * A reconciliation.
   *
   * @param range whole UTC days to which it keeps; empty for all
   */
  public Reconciliation(Lake lake, Optional<TimeRange> range) {
    this.lake = Objects.requireNonNull(lake);
    this.range = range.map(TimeRange::toWholeDays);
  }

  /**
   * Runs the comparisons.
   *
   * @param source compared as far as it still holds what was landed
   * @param mostAhead as for landing
   */
  public ReconciliationReport run(EventSource source, Duration mostAhead) {
    SparkSession session =
        ((org.apache.spark.sql.classic.SparkSession) lake.spark()).cloneSession();
    Lake reading = lake.with(session);
    LatencyFunctions.register(session);
    long floor = Rollup.consumedVersion(reading);
    Map<Comparison, ReconciliationReport.Check> checks = new EnumMap<>(Comparison.class);
    List<Mismatch> examples = new ArrayList<>();
    if (floor >= 0) {
      within(reading.usageEvents().readVersion(floor), "occurred_at", "event_date")
          .createOrReplaceTempView("landed_events");
      within(reading.usageHourly().read(), "hour_start", "usage_date")
          .createOrReplaceTempView("hourly_rows");
      withinDates(reading.usageDaily().read(), "usage_date").createOrReplaceTempView("daily_rows");
      compareSource(session, reading, source, mostAhead, checks, examples);
      compare(session, Comparison.LANDED_HOURLY, "landed-and-hourly.sql", checks, examples);
      compare(session, Comparison.HOURLY_DAILY, "hourly-and-daily.sql", checks, examples);
    }
    long mismatches =
        checks.values().stream().mapToLong(ReconciliationReport.Check::mismatches).sum();
    return new ReconciliationReport(checks, mismatches, List.copyOf(examples));
  }

  private void compareSource(
      SparkSession session,
      Lake reading,
      EventSource source,
      Duration mostAhead,
      Map<Comparison, ReconciliationReport.Check> checks,
      List<Mismatch> examples) {
    Landing landing = new Landing(reading, mostAhead, "reconcile");
    Optional<PendingEvents> landed = source.landed(landing.progress(source));
    if (landed.isEmpty()) {
      return;
    }
    try (PendingEvents events = landed.get()) {
      Dataset<Row> rows = in(session, events.rows());
      Dataset<Row> judged = Landing.judge(rows, Instant.now(), mostAhead);
      inRange(Landing.firstDeliveries(judged.where("rule IS NULL")), "occurred_at")
          .createOrReplaceTempView("judged_events");
      reading.quarantinedEvents().read().createOrReplaceTempView("quarantined_events");
      Dataset<Row> sourceEvents = query(session, "source-events.sql").persist();
      try {
        sourceEvents.createOrReplaceTempView("source_events");
        query(session, "landed-of-source.sql").createOrReplaceTempView("landed_of_source");
        compare(session, Comparison.SOURCE_LANDED, "source-and-landed.sql", checks, examples);
      } finally {
        sourceEvents.unpersist();
      }
    }
  }

  /** The same rows in the session whose views they are to meet. */
  private static Dataset<Row> in(SparkSession session, Dataset<Row> rows) {
    return org.apache.spark.sql.classic.Dataset.ofRows(
        (org.apache.spark.sql.classic.SparkSession) session,
        ((org.apache.spark.sql.classic.Dataset<Row>) rows).logicalPlan());
  }

  private static Dataset<Row> query(SparkSession session, String file) {
    return session.sql(SqlResource.of(Reconciliation.class, file).text());
  }

  private static void compare(
      SparkSession session,
      Comparison comparison,
      String file,
      Map<Comparison, ReconciliationReport.Check> checks,
      List<Mismatch> examples) {
    Column differs = lit(false);
    for (String measure : MEASURES) {
      differs = differs.or(not(col("expected_" + measure).eqNullSafe(col("actual_" + measure))));
    }
    Dataset<Row> windows = query(session, file).withColumn("differs", differs).persist();
    try {
      Row totals =
          windows
              .agg(
                  count(lit(1)),
                  coalesce(sum("expected_requests"), lit(0L)),
                  count_if(col("differs")))
              .first();
      checks.put(
          comparison,
          new ReconciliationReport.Check(totals.getLong(0), totals.getLong(1), totals.getLong(2)));
      for (Row row :
          windows.where("differs").orderBy("window_start").limit(MOST_EXAMPLES).collectAsList()) {
        addExamples(comparison, row, examples);
      }
    } finally {
      windows.unpersist();
    }
  }

  private static void addExamples(Comparison comparison, Row row, List<Mismatch> examples) {
    for (String measure : MEASURES) {
      Long expected = row.getAs("expected_" + measure);
      Long actual = row.getAs("actual_" + measure);
      if (!Objects.equals(expected, actual) && examples.size() < MOST_EXAMPLES) {
        Instant window = row.<Timestamp>getAs("window_start").toInstant();
        examples.add(new Mismatch(comparison, window, measure, expected, actual));
      }
    }
  }

  private Dataset<Row> within(Dataset<Row> rows, String time, String date) {
    return inRange(withinDates(rows, date), time);
  }

  private Dataset<Row> withinDates(Dataset<Row> rows, String date) {
    return range
        .map(
            days ->
                rows.where(col(date).geq(lit(LocalDate.ofEpochDay(Days.of(days.from())))))
                    .where(col(date).lt(lit(LocalDate.ofEpochDay(Days.of(days.to()))))))
        .orElse(rows);
  }

  private Dataset<Row> inRange(Dataset<Row> rows, String time) {
    return range
        .map(
            days ->
                rows.where(col(time).geq(lit(Micros.toInstant(days.from()))))
                    .where(col(time).lt(lit(Micros.toInstant(days.to())))))
        .orElse(rows);
  }
}
