package dev.tidemark.pipeline.rollup;

import static org.apache.spark.sql.functions.col;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeHistory;
import dev.tidemark.pipeline.lake.UtcColumns;
import dev.tidemark.pipeline.quality.HourJudge;
import dev.tidemark.pipeline.sql.SqlResource;
import dev.tidemark.pipeline.window.TimeRange;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Keeps {@code usage_hourly} equal to the landed events.
 *
 * <p>A run fixes the version of the landed table first (EX-12), recomputes every affected hour
 * whole from the events of that version, a month at a time, and moves the floor, the version up to
 * which all is done, last.
 */
final class HourlyRollup {
  /**
   * Ranges of time that one filter may name: the JVM leaves methods as long as more of them make
   * uncompiled. Beyond it, whole dates are recomputed.
   */
  private static final int MOST_RANGES = 48;

  private static final RollupUnit.Kind KIND =
      new RollupUnit.Kind(
          "usage_hourly",
          "hour",
          SqlResource.of(HourlyRollup.class, "hourly-merge.sql"),
          col("hour_start"),
          "usage_date");

  private final Lake lake;
  private final String floorId;
  private final HourJudge judge;

  HourlyRollup(Lake lake) {
    this(lake, LakeHistory.read(lake));
  }

  HourlyRollup(Lake lake, LakeHistory history) {
    this(lake, history, HourJudge.NONE);
  }

  /**
   * Work for a lake with that history: what was done for another counts no more (EX-11).
   *
   * @param judge whose held hours are not published
   */
  HourlyRollup(Lake lake, LakeHistory history, HourJudge judge) {
    this.lake = lake;
    this.judge = judge;
    this.floorId = history.hourlyFloorId();
  }

  /** Version of the landed table up to which the rollup is done; -1 for none. */
  long floor() {
    return lake.usageHourly().transactionVersion(floorId).orElse(-1);
  }

  /** Hours that were not computed with a definition, though nothing arrived in them. */
  SortedSet<Instant> stale(RollupDefinition definition) {
    return new WindowRevisions(lake)
        .stale(lake.usageHourly(), KIND.grain(), "hour_start", definition.version());
  }

  /** The hours of a range of whole days in which there are landed events or rollup rows. */
  SortedSet<Instant> within(TimeRange range) {
    SortedSet<Instant> hours = new TreeSet<>();
    Dataset<Row> landed =
        lake.usageEvents()
            .read()
            .where(UtcColumns.isOn(col("event_date"), range))
            .select(UtcColumns.hourStart(col("occurred_at")));
    lake.usageHourly()
        .read()
        .where(UtcColumns.isOn(col("usage_date"), range))
        .select(col("hour_start"))
        .union(landed)
        .distinct()
        .collectAsList()
        .forEach(row -> hours.add(row.getTimestamp(0).toInstant()));
    return hours;
  }

  /** The hours to recompute for a version of the landed table. */
  AffectedWindows affected(long version) {
    long floor = floor();
    if (floor < 0) {
      return AffectedWindows.all(lake, version);
    }
    return floor >= version
        ? new AffectedWindows(List.of())
        : AffectedWindows.between(lake, floor, version);
  }

  /**
   * Recomputes hours of one month.
   *
   * @param month its first day
   * @param version version of the landed table
   * @param again although that has been done for this version
   */
  RollupUnit.Changes recompute(
      LocalDate month, SortedSet<Instant> hours, long version, boolean again, Stamp stamp) {
    RollupUnit unit = unit(month, hours);
    return unit.run(version, again, stamp, () -> made(hours, version));
  }

  RollupUnit unit(LocalDate month, SortedSet<Instant> hours) {
    String windows = windows("hour_start", hours);
    return new RollupUnit(lake, KIND, floorId, month, dates(hours), hours, windows, judge);
  }

  /** When the first commit was made that waits for this rollup; empty where nobody knows. */
  Optional<Instant> waitingSince(long version) {
    long floor = floor();
    return floor < 0 || floor >= version
        ? Optional.empty()
        : lake.usageEvents().committedAt(floor + 1);
  }

  /** Marks a version of the landed table as done, by an empty commit; never goes back. */
  void moveFloor(long version) {
    lake.usageHourly().mark(floorId, version);
  }

  RollupUnit.Made made(SortedSet<Instant> hours, long version) {
    Dataset<Row> events = events(hours, version);
    return new RollupUnit.Made(
        Grouping.hoursOf(events, filtered(hours))
            .withColumnRenamed("window_start", "hour_start")
            .withColumn("usage_date", UtcColumns.date(col("hour_start"))),
        () ->
            WindowTotals.ofEvents(
                events, UtcColumns.hourStart(col("occurred_at")), judge.conditions()),
        lake.usageEvents().id());
  }

  private Dataset<Row> events(SortedSet<Instant> hours, long version) {
    return lake.usageEvents()
        .readVersion(version)
        .where(col("event_date").isin(dates(hours).toArray()))
        .where(windows("occurred_at", hours));
  }

  /** Groups without latencies, for those who measure what these cost. */
  Dataset<Row> sums(SortedSet<Instant> hours, long version) {
    return Grouping.sumsOf(events(hours, version), filtered(hours));
  }

  private static SortedSet<LocalDate> dates(SortedSet<Instant> hours) {
    SortedSet<LocalDate> dates = new TreeSet<>();
    hours.forEach(hour -> dates.add(LocalDate.ofInstant(hour, ZoneOffset.UTC)));
    return dates;
  }

  /** SQL for hours; one range for each run of neighbouring hours. */
  private static String windows(String column, SortedSet<Instant> hours) {
    SortedSet<Instant> filtered = filtered(hours);
    return starts(filtered).stream()
        .map(
            from -> {
              Instant to = from;
              while (filtered.contains(to)) {
                to = to.plus(1, ChronoUnit.HOURS);
              }
              return "%1$s >= TIMESTAMP'%2$s' AND %1$s < TIMESTAMP'%3$s'"
                  .formatted(column, from, to);
            })
        .collect(Collectors.joining(" OR ", "(", ")"));
  }

  /** The hours that a filter for these lets through. */
  private static SortedSet<Instant> filtered(SortedSet<Instant> hours) {
    return starts(hours).size() > MOST_RANGES ? wholeDates(hours) : hours;
  }

  private static List<Instant> starts(SortedSet<Instant> hours) {
    return hours.stream().filter(hour -> !hours.contains(hour.minus(1, ChronoUnit.HOURS))).toList();
  }

  /** All hours of the dates that the hours lie on. */
  private static SortedSet<Instant> wholeDates(SortedSet<Instant> hours) {
    SortedSet<Instant> whole = new TreeSet<>();
    for (Instant hour : hours) {
      Instant midnight = hour.truncatedTo(ChronoUnit.DAYS);
      for (int h = 0; h < 24; h++) {
        whole.add(midnight.plus(h, ChronoUnit.HOURS));
      }
    }
    return whole;
  }
}
