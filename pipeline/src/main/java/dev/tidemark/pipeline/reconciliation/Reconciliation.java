package dev.tidemark.pipeline.reconciliation;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeHistory;
import dev.tidemark.pipeline.lake.LakeTable;
import dev.tidemark.pipeline.lake.UtcColumns;
import dev.tidemark.pipeline.landing.Deliveries;
import dev.tidemark.pipeline.landing.Door;
import dev.tidemark.pipeline.landing.Landing;
import dev.tidemark.pipeline.landing.Relanding;
import dev.tidemark.pipeline.metrics.LatencyFunctions;
import dev.tidemark.pipeline.publication.Grain;
import dev.tidemark.pipeline.publication.Publication;
import dev.tidemark.pipeline.quality.QualityRules;
import dev.tidemark.pipeline.rollup.Rollup;
import dev.tidemark.pipeline.rollup.RollupReport;
import dev.tidemark.pipeline.source.EventSource;
import dev.tidemark.pipeline.source.PendingEvents;
import dev.tidemark.pipeline.source.SourceProgress;
import dev.tidemark.pipeline.sql.SqlResource;
import dev.tidemark.pipeline.window.Days;
import dev.tidemark.pipeline.window.Micros;
import dev.tidemark.pipeline.window.TimeRange;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

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

  /** What held hours are called among the kept results. */
  private static final String HELD = "held";

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
  private final Optional<Publication> publication;
  private final QualityRules rules;

  /** A reconciliation of a lake that knows no quality rules. */
  public Reconciliation(Lake lake, Optional<TimeRange> range, Optional<Publication> publication) {
    this(lake, range, publication, QualityRules.NONE);
  }

  /**
   * A reconciliation.
   *
   * @param range whole UTC days to which it keeps; empty for all
   * @param publication whose copy in Postgres is compared too; empty for none
   * @param rules as for landing and rollup
   */
  public Reconciliation(
      Lake lake, Optional<TimeRange> range, Optional<Publication> publication, QualityRules rules) {
    this.rules = Objects.requireNonNull(rules);
    this.lake = Objects.requireNonNull(lake);
    this.publication = Objects.requireNonNull(publication);
    this.range = range.map(TimeRange::toWholeDays);
  }

  /**
   * Runs the comparisons, and keeps what they found in {@code reconciliation_results}.
   *
   * @param source compared as far as it still holds what was landed
   * @param mostAhead as for landing
   * @param runId marks the kept results
   */
  public ReconciliationReport run(EventSource source, Duration mostAhead, String runId) {
    SparkSession session =
        ((org.apache.spark.sql.classic.SparkSession) lake.spark()).cloneSession();
    Lake reading = lake.with(session);
    LatencyFunctions.register(session);
    long floor = Rollup.consumedVersion(reading);
    Findings findings = new Findings(session);
    if (floor >= 0) {
      within(reading.usageEvents().readVersion(floor), "occurred_at", "event_date")
          .createOrReplaceTempView("landed_events");
      Dataset<Row> hours = within(reading.usageHourly().read(), "hour_start", "usage_date");
      // Of frozen dates the events are gone; their hours stay (EX-21).
      reading
          .usageEvents()
          .horizon()
          .map(date -> hours.where(col("usage_date").geq(lit(date))))
          .orElse(hours)
          .createOrReplaceTempView("hourly_rows");
      withinDates(reading.usageDaily().read(), "usage_date").createOrReplaceTempView("daily_rows");
      try {
        compareSource(reading, source, mostAhead, findings);
        findings.compareHours(Rollup.heldHours(reading));
        hours.createOrReplaceTempView("hourly_rows");
        findings.compare(Comparison.HOURLY_DAILY, "hourly-and-daily.sql");
        compareSummaries(session, findings);
        findings.repeatedIds = findings.finding(query(session, "repeated-ids.sql"));
        findings.keep(reading, runId);
      } finally {
        findings.compared.forEach(Dataset::unpersist);
      }
    }
    return findings.report();
  }

  private void compareSource(
      Lake reading, EventSource source, Duration mostAhead, Findings findings) {
    SparkSession session = findings.session;
    Landing landing = new Landing(reading, mostAhead, "reconcile");
    SourceProgress progress = landing.progress(source);
    Optional<PendingEvents> landed = source.landed(progress);
    if (landed.isEmpty()) {
      return;
    }
    try (PendingEvents events = landed.get()) {
      Dataset<Row> judged =
          Door.of(reading, lake.clock().instant(), mostAhead, rules)
              .judge(in(session, events.rows()))
              .persist(StorageLevel.MEMORY_AND_DISK());
      judged.createOrReplaceTempView("delivered_events");
      inRange(Deliveries.first(judged.where("rule IS NULL")), "occurred_at")
          .createOrReplaceTempView("judged_events");
      reading.quarantinedEvents().read().createOrReplaceTempView("quarantined_events");
      Dataset<Row> sourceEvents =
          query(session, "source-events.sql").persist(StorageLevel.MEMORY_AND_DISK());
      try {
        sourceEvents.createOrReplaceTempView("source_events");
        query(session, "landed-of-source.sql").createOrReplaceTempView("landed_of_source");
        findings.compare(Comparison.SOURCE_LANDED, "source-and-landed.sql");
        if (progress.lastLanding().isPresent() && sources(reading) == 1) {
          Dataset<Row> phantoms = query(session, "phantoms.sql").persist();
          findings.compared.add(phantoms);
          findings.phantoms = Optional.of(findings.finding(phantoms));
          phantoms.createOrReplaceTempView("phantoms");
          findings.results.add(query(session, "phantom-results.sql"));
        }
      } finally {
        sourceEvents.unpersist();
        judged.unpersist();
      }
    }
  }

  private void compareSummaries(SparkSession session, Findings findings) {
    if (publication.isEmpty()) {
      return;
    }
    Map<Comparison, Grain> grains =
        Map.of(
            Comparison.HOURLY_SUMMARIES, Grain.HOUR,
            Comparison.DAILY_SUMMARIES, Grain.DAY,
            Comparison.MONTHLY_SUMMARIES, Grain.MONTH);
    for (Comparison comparison : new TreeSet<>(grains.keySet())) {
      Grain grain = grains.get(comparison);
      Dataset<Row> rows = session.table(grain == Grain.HOUR ? "hourly_rows" : "daily_rows");
      publication
          .get()
          .comparison(comparison.label(), grain, rows, range)
          .ifPresent(windows -> findings.compare(comparison, windows));
    }
  }

  /** How many sources feed the lake: which one an event came from is not kept with it. */
  private static long sources(Lake lake) {
    return lake.landings().rows(row -> row.getString(row.getSchema().indexOf("source"))).stream()
        .filter(source -> !LakeHistory.isRemembered(source))
        .distinct()
        .count();
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

  /** What has been found so far. */
  private static final class Findings {
    private final SparkSession session;
    private final Map<Comparison, ReconciliationReport.Check> checks =
        new EnumMap<>(Comparison.class);
    private final Map<Comparison, SortedSet<Instant>> differing = new EnumMap<>(Comparison.class);
    private final List<Mismatch> examples = new ArrayList<>();
    private final List<Dataset<Row>> compared = new ArrayList<>();
    private final List<Dataset<Row>> results = new ArrayList<>();
    private Optional<Finding> phantoms = Optional.empty();
    private Finding repeatedIds = Finding.NONE;
    private final List<HeldHour> held = new ArrayList<>();

    private Findings(SparkSession session) {
      this.session = session;
    }

    private void compare(Comparison comparison, String file) {
      compare(comparison, query(session, file));
    }

    private void compare(Comparison comparison, Dataset<Row> sums) {
      Column differs = lit(false);
      for (String measure : MEASURES) {
        differs = differs.or(not(col("expected_" + measure).eqNullSafe(col("actual_" + measure))));
      }
      Dataset<Row> windows = sums.withColumn("differs", differs).persist();
      compared.add(windows);
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
      results.add(results(windows));
      if (totals.getLong(2) > 0) {
        SortedSet<Instant> starts = new TreeSet<>();
        for (Row row : windows.where("differs").orderBy("window_start").collectAsList()) {
          starts.add(row.<Timestamp>getAs("window_start").toInstant());
          addExamples(comparison, row);
        }
        differing.put(comparison, starts);
      }
    }

    /** Landed events and hours; hours that are held are told apart and are no mismatch. */
    private void compareHours(SortedMap<Instant, List<String>> heldBy) {
      Dataset<Row> sums = query(session, "landed-and-hourly.sql");
      if (heldBy.isEmpty()) {
        compare(Comparison.LANDED_HOURLY, sums);
        return;
      }
      Dataset<Row> all = sums.persist();
      compared.add(all);
      Column isHeld =
          col("window_start").isin(heldBy.keySet().stream().map(Timestamp::from).toArray());
      compare(Comparison.LANDED_HOURLY, all.where(not(isHeld)));
      Dataset<Row> apart = all.where(isHeld).withColumn("comparison", lit(HELD));
      results.add(results(apart));
      for (Row row : apart.orderBy("window_start").collectAsList()) {
        Instant window = row.<Timestamp>getAs("window_start").toInstant();
        Long landed = row.getAs("expected_requests");
        Long published = row.getAs("actual_requests");
        held.add(
            new HeldHour(
                window,
                heldBy.get(window),
                landed == null ? 0 : landed,
                published == null ? 0 : published));
      }
    }

    private void addExamples(Comparison comparison, Row row) {
      for (String measure : MEASURES) {
        Long expected = row.getAs("expected_" + measure);
        Long actual = row.getAs("actual_" + measure);
        if (!Objects.equals(expected, actual) && examples.size() < MOST_EXAMPLES) {
          Instant window = row.<Timestamp>getAs("window_start").toInstant();
          examples.add(new Mismatch(comparison, window, measure, expected, actual));
        }
      }
    }

    /** One row a window and measure, as {@code reconciliation_results} has them. */
    private static Dataset<Row> results(Dataset<Row> windows) {
      String measures =
          MEASURES.stream()
              .map(measure -> "'%1$s', expected_%1$s, actual_%1$s".formatted(measure))
              .collect(Collectors.joining(", "));
      return windows.selectExpr(
          "comparison",
          "window_start",
          "stack(%d, %s) AS (measure, expected, actual)".formatted(MEASURES.size(), measures));
    }

    private Finding finding(Dataset<Row> events) {
      List<Finding.Event> first = new ArrayList<>();
      for (Row row :
          events.orderBy("occurred_at", "event_id").limit(MOST_EXAMPLES).collectAsList()) {
        first.add(
            new Finding.Event(
                row.getAs("event_id"), row.<Timestamp>getAs("occurred_at").toInstant()));
      }
      return new Finding(first.size() < MOST_EXAMPLES ? first.size() : events.count(), first);
    }

    private void keep(Lake lake, String runId) {
      Instant now = lake.clock().instant();
      Dataset<Row> all =
          results.stream()
              .reduce(Dataset::union)
              .orElseThrow()
              .withColumn("run_id", lit(runId))
              .withColumn("compared_at", lit(Timestamp.from(now)))
              .withColumn("difference", expr("coalesce(actual, 0) - coalesce(expected, 0)"))
              .withColumn("agrees", col("expected").eqNullSafe(col("actual")))
              .withColumn("compared_date", UtcColumns.date(col("compared_at")));
      LakeTable kept = lake.table("reconciliation_results");
      all.select(
              Arrays.stream(kept.read().schema().fieldNames())
                  .map(functions::col)
                  .toArray(Column[]::new))
          .coalesce(1)
          .write()
          .format("delta")
          .mode(SaveMode.Append)
          .option("userMetadata", runId)
          .save(kept.path());
    }

    private ReconciliationReport report() {
      long mismatches =
          checks.values().stream().mapToLong(ReconciliationReport.Check::mismatches).sum();
      return new ReconciliationReport(
          checks, mismatches, List.copyOf(examples), differing, phantoms, repeatedIds, held);
    }
  }

  /**
   * Sends the windows that a reconciliation found to disagree through the ordinary path: what the
   * source holds and the lake lacks is landed, hours and days are recomputed. Phantoms stay.
   *
   * @param found what {@link #run} has found
   */
  public RollupReport repair(
      ReconciliationReport found,
      EventSource source,
      Duration mostAhead,
      String runId,
      Rollup.Listener listener) {
    SortedSet<Instant> unlanded = windows(found, Comparison.SOURCE_LANDED);
    if (!unlanded.isEmpty()) {
      new Landing(lake, mostAhead, runId, rules)
          .land(
              new Relanding(
                  source,
                  rows ->
                      rows.where(
                          UtcColumns.hourStart(col("occurred_at")).isin(unlanded.toArray()))));
    }
    SortedSet<LocalDate> dates = new TreeSet<>();
    windows(found, Comparison.HOURLY_DAILY)
        .forEach(day -> dates.add(LocalDate.ofInstant(day, ZoneOffset.UTC)));
    return new Rollup(lake, runId, listener, rules)
        .run(new Rollup.Again(windows(found, Comparison.LANDED_HOURLY), dates));
  }

  private static SortedSet<Instant> windows(ReconciliationReport found, Comparison comparison) {
    return found.differing().getOrDefault(comparison, new TreeSet<>());
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
