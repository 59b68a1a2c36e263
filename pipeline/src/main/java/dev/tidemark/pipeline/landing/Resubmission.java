package dev.tidemark.pipeline.landing;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import dev.tidemark.pipeline.lake.Conflicts;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.UtcColumns;
import dev.tidemark.pipeline.quality.QualityRules;
import dev.tidemark.pipeline.source.EventSource;
import dev.tidemark.pipeline.source.RawEvents;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Submits refused records to the door again, after a rule, a mapping or a setting was mended. They
 * are read from the source once more, and land as anything lands. What landed leaves the
 * quarantine, after it landed: a crash in between leaves a record there whose event is landed,
 * which the next submission takes out.
 */
public final class Resubmission {
  private static final String KEY = "submitted_key";

  /**
   * Which refused records to submit.
   *
   * @param rule only those that this rule has refused; empty for any
   * @param records only these record ids; empty for any
   */
  public record Selection(Optional<String> rule, List<String> records) {
    /** Copies the ids. */
    public Selection {
      records = List.copyOf(records);
    }
  }

  private final Lake lake;
  private final Duration mostAhead;
  private final QualityRules rules;
  private final Landing landing;
  private Dataset<Row> found;

  /** A submission of a lake's refused records; parameters as for {@link Landing}. */
  public Resubmission(Lake lake, Duration mostAhead, String runId, QualityRules rules) {
    this.lake = Objects.requireNonNull(lake);
    this.mostAhead = mostAhead;
    this.rules = rules;
    this.landing = new Landing(lake, mostAhead, runId, rules);
  }

  /**
   * Submits records.
   *
   * @param source that has delivered them; records of other sources are left alone
   */
  public ResubmissionReport run(EventSource source, Selection selection) {
    // Checkpoints, and no caches: Delta reads those again which stand on a table that is written.
    Dataset<Row> refused = refused(source, selection).localCheckpoint();
    long submitted = refused.count();
    if (submitted == 0) {
      return nothing(0);
    }
    LandingReport landed =
        landing.land(new Relanding(source, rows -> submitted(rows, refused.select(KEY))));
    return found == null ? nothing(submitted) : told(submitted, landed, refused);
  }

  private ResubmissionReport nothing(long submitted) {
    LandingReport none = LandingReport.nothing(lake.usageEvents().version());
    return new ResubmissionReport(submitted, 0, none, 0, 0);
  }

  private Dataset<Row> refused(EventSource source, Selection selection) {
    Dataset<Row> records =
        lake.quarantinedEvents().read().where(col("source").equalTo(source.name()));
    if (selection.rule().isPresent()) {
      records = records.where(col("rule").equalTo(selection.rule().get()));
    }
    if (!selection.records().isEmpty()) {
      records = records.where(col("record_id").isin(selection.records().toArray()));
    }
    return records.select(col("record_id"), col("rule").as("old_rule"), key().as(KEY));
  }

  /** Names a record wherever it stands: the place and the record as the source has it. */
  private static Column key() {
    return sha2(to_json(struct("source_name", "raw_record")), 256);
  }

  /** The rows of a source that were refused before; kept, since they are judged once more. */
  private Dataset<Row> submitted(Dataset<Row> rows, Dataset<Row> keys) {
    found =
        Door.normalized(rows)
            .withColumn("raw_record_as_read", col(RawEvents.RAW_RECORD))
            .withColumn("raw_record", Landing.rawRecord())
            .withColumn(KEY, key())
            .withColumn("raw_record", col("raw_record_as_read"))
            .join(broadcast(keys.distinct()), asSeq(KEY), "left_semi")
            .localCheckpoint();
    return found.select(
        Arrays.stream(RawEvents.SCHEMA.fieldNames()).map(functions::col).toArray(Column[]::new));
  }

  private ResubmissionReport told(long submitted, LandingReport landed, Dataset<Row> refused) {
    Dataset<Row> judged =
        Door.of(lake, lake.clock().instant(), mostAhead, rules)
            .judge(found)
            .withColumn("raw_record", Landing.rawRecord())
            .withColumn("now_id", Landing.recordId());
    Dataset<Row> good = judged.where("rule IS NULL");
    Object[] dates =
        good.select(UtcColumns.date(col("occurred_at"))).distinct().collectAsList().stream()
            .map(row -> row.get(0))
            .toArray();
    Dataset<Row> events =
        lake.usageEvents()
            .read()
            .where(col("event_date").isin(dates))
            .select("event_id", "occurred_at");
    Dataset<Row> accepted =
        refused
            .join(
                good.join(events, asSeq("event_id", "occurred_at"), "left_semi").select(KEY),
                asSeq(KEY),
                "left_semi")
            .select("record_id");
    Dataset<Row> known = lake.quarantinedEvents().read().select(col("record_id").as("now_id"));
    Dataset<Row> otherwise =
        refused
            .join(
                judged
                    .where("rule IS NOT NULL")
                    .join(known, asSeq("now_id"), "left_semi")
                    .select(col(KEY), col("rule").as("new_rule"))
                    .distinct(),
                asSeq(KEY),
                "inner")
            .where("old_rule <> new_rule")
            .select("record_id");
    long foundRecords = refused.join(found.select(KEY).distinct(), asSeq(KEY), "left_semi").count();
    Dataset<Row> done =
        accepted
            .withColumn("accepted", lit(true))
            .union(otherwise.withColumn("accepted", lit(false)))
            .distinct()
            .localCheckpoint();
    long leaving = done.where("accepted").count();
    long moved = done.where("NOT accepted").count();
    if (leaving + moved > 0) {
      done.createOrReplaceTempView("done_records");
      Conflicts.retry("taking records out of quarantine", () -> Optional.of(forget()));
    }
    return new ResubmissionReport(submitted, foundRecords, landed, leaving, moved);
  }

  private Dataset<Row> forget() {
    return lake.spark()
        .sql(
            "MERGE INTO "
                + lake.quarantinedEvents().sqlName()
                + " AS refused USING done_records AS done ON refused.record_id = done.record_id"
                + " WHEN MATCHED THEN DELETE");
  }

  private static scala.collection.immutable.Seq<String> asSeq(String... names) {
    return scala.jdk.javaapi.CollectionConverters.asScala(Arrays.asList(names)).toSeq();
  }
}
