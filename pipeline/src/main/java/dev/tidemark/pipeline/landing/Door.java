package dev.tidemark.pipeline.landing;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.when;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.quality.QualityRules;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a lake lets in at one moment.
 *
 * @param now the run's clock
 * @param mostAhead how far the time of an event may lie ahead of it
 * @param rules the user's own, of which those for single events are asked
 * @param horizon the first date that is not frozen; empty for none
 * @param tombstones whose events are not let in at all
 */
public record Door(
    Instant now,
    Duration mostAhead,
    QualityRules rules,
    Optional<LocalDate> horizon,
    Tombstones tombstones) {
  private static final String UUID_TEXT =
      "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";

  /** The door of a lake as it is now. */
  public static Door of(Lake lake, Instant now, Duration mostAhead, QualityRules rules) {
    return new Door(now, mostAhead, rules, lake.usageEvents().horizon(), Tombstones.read(lake));
  }

  /**
   * The rows with the name of the rule that each breaks, null for none; UUIDs in lower case. What
   * was erased is left out.
   */
  public Dataset<Row> judge(Dataset<Row> rows) {
    return normalized(tombstones.spare(rows))
        .withColumn("rule", EventRules.broken(now, mostAhead, rules, horizon));
  }

  /** The rows with UUIDs in lower case. */
  static Dataset<Row> normalized(Dataset<Row> rows) {
    Column id = col("event_id");
    // Most are in lower case, which is told sooner than whether they are UUIDs.
    return rows.withColumn(
        "event_id",
        when(id.equalTo(lower(id)), id).when(id.rlike(UUID_TEXT), lower(id)).otherwise(id));
  }
}
