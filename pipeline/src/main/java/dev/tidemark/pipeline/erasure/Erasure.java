package dev.tidemark.pipeline.erasure;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.get_json_object;
import static org.apache.spark.sql.functions.lit;

import dev.tidemark.pipeline.lake.Conflicts;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeTable;
import dev.tidemark.pipeline.landing.Tombstones;
import io.delta.tables.DeltaTable;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;

/**
 * Takes a subject's events out of a lake, for ever.
 *
 * <p>First the tombstone, so that nothing more comes in; then the events, so that the change feed
 * tells the rollups which hours to recompute; then what no event can recompute, the hours of frozen
 * dates: a row of them is of one user, so taking it away is exact. It may be interrupted anywhere
 * and run again.
 */
public final class Erasure {
  /** What cannot stand beside an identity within a text. */
  private static final String EDGE = "[^A-Za-z0-9_-]";

  private final Lake lake;
  private final String runId;

  /**
   * An erasure from a lake.
   *
   * @param runId marks what is written
   */
  public Erasure(Lake lake, String runId) {
    this.lake = Objects.requireNonNull(lake);
    this.runId = Objects.requireNonNull(runId);
  }

  /**
   * Erases; a rollup has to follow.
   *
   * @param through events after this time stay
   * @param request that the erasure answers; empty for none
   */
  public ErasureReport run(Subject subject, Instant through, Optional<String> request) {
    Tombstones.add(lake, subject.organization(), subject.user(), through, runId, request);
    lake.usageEvents().interrupt(runId);
    Column rows = col("organization_id").equalTo(subject.organization());
    if (subject.user().isPresent()) {
      rows = rows.and(col("user_id").equalTo(subject.user().get()));
    }
    long events =
        delete(lake.usageEvents(), rows.and(col("occurred_at").leq(lit(Timestamp.from(through)))));
    Optional<LocalDate> horizon = lake.usageEvents().horizon();
    long frozen = 0;
    if (horizon.isPresent()) {
      frozen = delete(lake.usageHourly(), rows.and(col("usage_date").lt(lit(horizon.get()))));
    }
    long quarantined = delete(lake.quarantinedEvents(), named(subject));
    return new ErasureReport(runId, through, events, frozen, quarantined, horizon);
  }

  /** Refused events are kept as they came: they are known by what their text says. */
  private static Column named(Subject subject) {
    String name = subject.user().orElse(subject.organization());
    String field = subject.user().isPresent() ? "$.user_id" : "$.organization_id";
    return get_json_object(col("raw_record"), field)
        .equalTo(name)
        .or(concat(lit(" "), col("raw_record"), lit(" ")).rlike(EDGE + Pattern.quote(name) + EDGE));
  }

  private long delete(LakeTable table, Column rows) {
    return Conflicts.retry(
        "erasing from " + table.name(),
        () -> {
          long count = table.read().where(rows).count();
          if (count > 0) {
            DeltaTable.forPath(lake.spark(), table.path()).delete(rows);
          }
          return Optional.of(count);
        });
  }
}
