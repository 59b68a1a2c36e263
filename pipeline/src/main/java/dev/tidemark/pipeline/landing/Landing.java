package dev.tidemark.pipeline.landing;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;

import dev.tidemark.pipeline.lake.Conflicts;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeTable;
import dev.tidemark.pipeline.lake.UtcColumns;
import dev.tidemark.pipeline.observation.Figure;
import dev.tidemark.pipeline.observation.Ongoing;
import dev.tidemark.pipeline.observation.Work;
import dev.tidemark.pipeline.quality.DoorVerdicts;
import dev.tidemark.pipeline.quality.QualityResults;
import dev.tidemark.pipeline.quality.QualityRules;
import dev.tidemark.pipeline.source.EventSource;
import dev.tidemark.pipeline.source.PendingEvents;
import dev.tidemark.pipeline.source.RawEvents;
import dev.tidemark.pipeline.source.SourceProgress;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/**
 * Lands what waits in a source: exactly once, whatever is delivered again, interrupted or run
 * twice.
 *
 * <p>Order of work: read the pending events, claim the landing in the ledger, quarantine, land. A
 * crash between any two leaves a claim that never happened; the next run reads the same events
 * again. Landing is one commit that carries the claim's number, so that it happens at most once
 * (EX-6), and its plan reads the landed table, so that Delta refuses it when another lander was
 * faster (EX-7); then everything is read and planned anew.
 */
public final class Landing {
  private static final Column[] IDENTITY = {
    col("event_id_high"), col("event_id_low"), col("occurred_at")
  };

  private final Lake lake;
  private final LandingLedger ledger;
  private final Duration mostAhead;
  private final String runId;
  private final QualityRules rules;

  /** A landing into a lake, without rules of the user's own. */
  public Landing(Lake lake, Duration mostAhead, String runId) {
    this(lake, mostAhead, runId, QualityRules.NONE);
  }

  /**
   * A landing into a lake.
   *
   * @param mostAhead how far the time of an event may lie ahead of this machine's clock
   * @param runId marks the commits of this run
   * @param rules the user's own
   * @throws dev.tidemark.pipeline.failure.PipelineException if one has the name of one of ours
   */
  public Landing(Lake lake, Duration mostAhead, String runId, QualityRules rules) {
    EventRules.requireOtherNames(rules);
    this.rules = rules;
    this.lake = Objects.requireNonNull(lake);
    this.ledger = new LandingLedger(lake);
    this.mostAhead = Objects.requireNonNull(mostAhead);
    this.runId = Objects.requireNonNull(runId);
  }

  /** Takes out of a lake's ledger what no run needs any more. */
  public static void trimLedger(Lake lake) {
    new LandingLedger(lake).trim();
  }

  /** What the lake knows of a source. */
  public SourceProgress progress(EventSource source) {
    return ledger.progress(source.name());
  }

  /**
   * Lands what waits. A source with nothing new leaves the lake untouched.
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException if other runs kept being faster
   */
  public LandingReport land(EventSource source) {
    return lake.watch()
        .during(
            Work.Kind.BATCH,
            "usage_events",
            "",
            batch ->
                Conflicts.retry(
                    "landing " + source.name(),
                    batch,
                    () -> attempt(source, lake.clock().instant(), batch)));
  }

  /**
   * Looks at what would be landed, and lands nothing.
   *
   * @param look at rows of {@code usage_events} to be, which can be read while it lasts
   * @return empty where nothing waits
   */
  public <T> Optional<T> preview(EventSource source, Function<Dataset<Row>, T> look) {
    Instant now = lake.clock().instant();
    Optional<PendingEvents> pending = source.pending(progress(source));
    if (pending.isEmpty()) {
      return Optional.empty();
    }
    try (PendingEvents events = pending.get()) {
      return Optional.of(
          kept(events, now, judged -> look.apply(fresh(judged, Profile.of(judged), now))));
    }
  }

  private Optional<LandingReport> attempt(EventSource source, Instant now, Ongoing batch) {
    SourceProgress progress = progress(source);
    Optional<PendingEvents> pending = source.pending(progress);
    if (pending.isEmpty()) {
      batch.nothing();
      source.publish(progress);
      return Optional.of(LandingReport.nothing(progress.landedTableVersion()));
    }
    try (PendingEvents events = pending.get()) {
      return kept(events, now, judged -> land(source, progress, events, judged, now, batch));
    }
  }

  /** Judges events and keeps them, so that the source is read once. */
  private <T> T kept(PendingEvents events, Instant now, Function<Dataset<Row>, T> use) {
    Dataset<Row> judged =
        Door.of(lake, now, mostAhead, rules)
            .judge(events.rows())
            // As the source had it, only where it is refused: making JSON of the others costs much.
            .withColumn(
                RawEvents.RAW_RECORD, when(col("rule").isNotNull(), col(RawEvents.RAW_RECORD)))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return use.apply(judged);
    } finally {
      judged.unpersist(true);
    }
  }

  private Optional<LandingReport> land(
      EventSource source,
      SourceProgress progress,
      PendingEvents events,
      Dataset<Row> judged,
      Instant now,
      Ongoing batch) {
    Profile profile = Profile.of(judged);
    if (profile.rows() == 0 && !events.movesOn()) {
      batch.nothing();
      source.publish(progress);
      return Optional.of(LandingReport.nothing(progress.landedTableVersion()));
    }
    LandingLedger.Claim claim =
        ledger.claim(source.name(), events.epoch(), progress, events.claim(), runId, now);
    if (!ledger.holds(claim, progress, runId)) {
      return Optional.empty();
    }
    long quarantined = profile.broken() == 0 ? 0 : quarantine(judged, claim, now, batch);
    LakeTable landed = lake.usageEvents();
    OptionalLong commit;
    try {
      commit = append(landed, () -> fresh(judged, profile, now), claim, batch);
    } catch (RuntimeException e) {
      if (LakeTable.isBeforeHorizon(e)) { // it has moved since the events were judged
        return Optional.empty();
      }
      throw e;
    }
    if (commit.isEmpty()) {
      return Optional.empty();
    }
    QualityResults.append(
        lake,
        runId,
        rules,
        DoorVerdicts.of(rules, profile.brokenByRule()),
        claim.applicationId(),
        claim.version());
    source.publish(progress(source));
    long fresh = landed.rowsWritten(commit.getAsLong());
    batch.add(Figure.ROWS_READ, profile.rows()).add(Figure.ROWS_DUPLICATE, profile.good() - fresh);
    profile
        .firstReceivedAt()
        .ifPresent(
            first ->
                batch.add(
                    Figure.LAG_MS,
                    Math.max(0, Duration.between(first, lake.clock().instant()).toMillis())));
    return Optional.of(
        new LandingReport(
            profile.rows(), fresh, profile.good() - fresh, quarantined, commit.getAsLong()));
  }

  /** Appends once; empty where the commit is not there, since another lander was faster. */
  private OptionalLong append(
      LakeTable table, Supplier<Dataset<Row>> rows, LandingLedger.Claim claim, Ongoing batch) {
    return batch.during(
        Work.Kind.APPEND,
        table.name(),
        "",
        append -> {
          long before = table.version();
          table.append(rows, claim.applicationId(), claim.version(), runId);
          OptionalLong commit = table.commitOf(claim.applicationId(), claim.version(), before);
          commit.ifPresent(version -> table.figures(version).forEach(append::add));
          return commit;
        });
  }

  /**
   * How many rows keep to the rules, how many break each, on which dates the good ones lie, and
   * when the first of them arrived in the source, where it says so.
   */
  private record Profile(
      long good,
      Map<String, Long> brokenByRule,
      List<LocalDate> dates,
      Optional<Instant> firstReceivedAt) {
    static Profile of(Dataset<Row> judged) {
      long good = 0;
      Map<String, Long> broken = new TreeMap<>();
      List<LocalDate> dates = new ArrayList<>();
      Column date = when(col("rule").isNull(), UtcColumns.date(col("occurred_at")));
      Optional<Instant> first = Optional.empty();
      for (Row row :
          judged
              .groupBy(date.as("event_date"), col("rule"))
              .agg(count(lit(1)), min("received_at"))
              .collectAsList()) {
        if (row.isNullAt(1)) {
          good += row.getLong(2);
          dates.add(row.getDate(0).toLocalDate());
          if (!row.isNullAt(3)) {
            Instant received = row.getTimestamp(3).toInstant();
            first =
                first.filter(earlier -> earlier.isBefore(received)).or(() -> Optional.of(received));
          }
        } else {
          broken.merge(row.getString(1), row.getLong(2), Long::sum);
        }
      }
      return new Profile(good, broken, dates, first);
    }

    long broken() {
      return brokenByRule.values().stream().mapToLong(Long::longValue).sum();
    }

    long rows() {
      return good + broken();
    }
  }

  /**
   * What breaks one of our own rules, in SQL or in words; empty for another.
   *
   * @param rule as a quarantined event has it
   */
  public static Optional<String> explanation(String rule) {
    return EventRules.explanation(rule);
  }

  /** A judged row as its source had it: what quarantine keeps of it. */
  static Column rawRecord() {
    return coalesce(
        col(RawEvents.RAW_RECORD),
        to_json(
            struct(
                Arrays.stream(RawEvents.EVENT.fieldNames())
                    .map(functions::col)
                    .toArray(Column[]::new))));
  }

  /** Identity of a refused record, over its place, the rule and itself. */
  static Column recordId() {
    return functions.sha2(to_json(struct("source_name", "rule", "raw_record")), 256);
  }

  private long quarantine(
      Dataset<Row> judged, LandingLedger.Claim claim, Instant now, Ongoing batch) {
    Dataset<Row> refused =
        judged
            .where("rule IS NOT NULL")
            .select(
                lit(claim.source()).as("source"),
                col(RawEvents.SOURCE_NAME),
                col("rule"),
                col("event_id"),
                col("occurred_at"),
                rawRecord().as("raw_record"))
            .withColumn("record_id", recordId())
            .dropDuplicates("record_id")
            .join(
                lake.quarantinedEvents().read().select("record_id"),
                asSeq("record_id"),
                "left_anti")
            .withColumn("quarantined_at", lit(Timestamp.from(now)))
            .withColumn("landing_version", lit(claim.version()))
            .withColumn("arrival_date", UtcColumns.date(col("quarantined_at")));
    LakeTable quarantine = lake.quarantinedEvents();
    OptionalLong commit =
        append(quarantine, () -> refused.select(columnsOf(quarantine)), claim, batch);
    return commit.isPresent() ? quarantine.rowsWritten(commit.getAsLong()) : 0;
  }

  /** The good rows that are not landed yet, once each; the landed table stays in the plan. */
  private Dataset<Row> fresh(Dataset<Row> judged, Profile profile, Instant now) {
    byte[] key = HexFormat.of().parseHex(lake.usageEvents().property("tidemark.identity-key"));
    Dataset<Row> events =
        identified(
            // Read again within the transaction: an erasure that is not in it yet changes the
            // table's metadata, which makes Delta refuse the commit.
            Deliveries.firstOfKept(Tombstones.read(lake).spare(judged.where("rule IS NULL"))),
            key,
            now);
    Dataset<Row> landed =
        lake.usageEvents()
            .read()
            .where(col("event_date").isin(profile.dates().toArray()))
            .select(IDENTITY);
    return events
        .join(landed, asSeq("event_id_high", "event_id_low", "occurred_at"), "left_anti")
        .select(columnsOf(lake.usageEvents()))
        .hint("rebalance", col("event_date"));
  }

  /** Events shaped for the landed table, with identities and date. */
  private static Dataset<Row> identified(Dataset<Row> events, byte[] key, Instant now) {
    Column[] dimensions = RawEvents.DIMENSIONS.stream().map(functions::col).toArray(Column[]::new);
    return events
        .withColumn("event", Identities.event(key).apply(col("event_id")))
        .withColumn("event_id_high", col("event.high"))
        .withColumn("event_id_low", col("event.low"))
        .withColumn("series", Identities.series(key).apply(dimensions))
        .withColumn("series_id_high", col("series.high"))
        .withColumn("series_id_low", col("series.low"))
        .withColumn("received_at", coalesce(col("received_at"), lit(Timestamp.from(now))))
        .withColumn("cached_input_tokens", coalesce(col("cached_input_tokens"), lit(0L)))
        .withColumn("cost_nano_usd", coalesce(col("cost_nano_usd"), lit(0L)))
        .withColumn("event_date", UtcColumns.date(col("occurred_at")));
  }

  private static Column[] columnsOf(LakeTable table) {
    return Arrays.stream(table.read().schema().fieldNames())
        .map(functions::col)
        .toArray(Column[]::new);
  }

  private static scala.collection.immutable.Seq<String> asSeq(String... names) {
    return scala.jdk.javaapi.CollectionConverters.asScala(Arrays.asList(names)).toSeq();
  }
}
