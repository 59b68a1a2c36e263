package dev.tidemark.pipeline.rollup;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.sql.SqlResource;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Keeps {@code usage_hourly} equal to the landed events.
 *
 * <p>A run fixes the version of the landed table first (EX-12), recomputes every affected hour
 * whole from the events of that version, a date at a time, and moves the floor, the version up to
 * which all is done, last.
 */
final class HourlyRollup {
  private static final SqlResource MERGE = SqlResource.of(HourlyRollup.class, "hourly-merge.sql");

  private final Lake lake;
  private final String floorId;

  HourlyRollup(Lake lake) {
    this.lake = lake;
    this.floorId = "hourly:" + lake.usageEvents().id();
  }

  /** Version of the landed table up to which the rollup is done; -1 for none. */
  long floor() {
    return lake.usageHourly().transactionVersion(floorId).orElse(-1);
  }

  /** The hours to recompute for a version of the landed table. */
  AffectedWindows affected(long version) {
    long floor = floor();
    return floor >= version
        ? new AffectedWindows(List.of())
        : AffectedWindows.between(lake, floor, version);
  }

  /**
   * Recomputes the hours of one date.
   *
   * @param version version of the landed table
   * @param again although that has been done for this version
   */
  RollupUnit.Changes recompute(
      LocalDate date, SortedSet<Instant> hours, long version, boolean again, Instant now) {
    String windows = windows("hour_start", hours);
    RollupUnit unit =
        new RollupUnit(lake, "usage_hourly", MERGE, floorId + ":" + date, date, windows);
    return unit.run(version, again, now, () -> made(date, hours, version));
  }

  /** Marks a version of the landed table as done, by an empty commit; never goes back. */
  void moveFloor(long version, String runId) {
    lake.usageHourly().mark(floorId, version, runId);
  }

  RollupUnit.Made made(LocalDate date, SortedSet<Instant> hours, long version) {
    Dataset<Row> events =
        lake.usageEvents()
            .readVersion(version)
            .where(col("event_date").equalTo(lit(date)))
            .where(windows("occurred_at", hours));
    return new RollupUnit.Made(
        Grouping.hoursOf(events).withColumnRenamed("window_start", "hour_start"),
        events.select(lit(1L).as("request_count")));
  }

  /** SQL for the hours of a date; one range for each run of neighbouring hours. */
  private static String windows(String column, SortedSet<Instant> hours) {
    if (hours.size() == 24) {
      return "true";
    }
    return hours.stream()
        .filter(hour -> !hours.contains(hour.minus(1, ChronoUnit.HOURS)))
        .map(
            from -> {
              Instant to = from;
              while (hours.contains(to)) {
                to = to.plus(1, ChronoUnit.HOURS);
              }
              return column
                  + " >= TIMESTAMP'"
                  + from
                  + "' AND "
                  + column
                  + " < TIMESTAMP'"
                  + to
                  + "'";
            })
        .collect(Collectors.joining(" OR ", "(", ")"));
  }
}
