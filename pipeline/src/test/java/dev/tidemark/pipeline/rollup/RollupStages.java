package dev.tidemark.pipeline.rollup;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeHistory;
import dev.tidemark.pipeline.quality.HourJudge;
import java.time.Instant;
import java.time.LocalDate;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Single stages of a rollup, for those who measure them. */
public final class RollupStages {
  private RollupStages() {}

  /** All hours with landed events. */
  public static SortedSet<Instant> allHours(Lake lake) {
    SortedSet<Instant> hours = new TreeSet<>();
    AffectedWindows.all(lake, lake.usageEvents().version())
        .byHour()
        .forEach(window -> hours.add(window.hourStart()));
    return hours;
  }

  /** The groups of hours of the newest landed events, as a run computes them. */
  public static Dataset<Row> hours(Lake lake, SortedSet<Instant> hours) {
    return new HourlyRollup(lake).made(hours, lake.usageEvents().version()).groups();
  }

  /** The same without latencies. */
  public static Dataset<Row> sums(Lake lake, SortedSet<Instant> hours) {
    return new HourlyRollup(lake).sums(hours, lake.usageEvents().version());
  }

  /**
   * The groups of all hours straight from deliveries, de-duplicated by the kernel.
   *
   * @param deliveries of files that lie by date
   */
  public static Dataset<Row> hoursOfDeliveries(Dataset<Row> deliveries, byte[] key) {
    return Grouping.hoursOfDeliveries(deliveries, key).orElseThrow();
  }

  /**
   * Brings the hourly table up to date as a run does, and leaves the days.
   *
   * @return rows inserted
   */
  public static long rollUpHours(Lake lake, String runId) {
    LakeHistory history = LakeHistory.read(lake);
    HourlyRollup hourly = new HourlyRollup(lake, history);
    long landed = lake.usageEvents().version();
    SortedMap<LocalDate, SortedSet<Instant>> months = hourly.affected(landed).byMonth();
    Stamp stamp = new Stamp(runId, Instant.now(), RollupDefinition.CURRENT);
    RollupUnit.Changes changes =
        new RollupUnits(lake, (table, month, done, of) -> {})
            .run(
                "usage_hourly",
                months,
                (own, month, hours) ->
                    new HourlyRollup(own, history, HourJudge.NONE)
                        .recompute(month, hours, landed, false, stamp));
    hourly.moveFloor(landed);
    if (!changes.differences().isEmpty()) {
      throw new IllegalStateException("differs: " + changes.differences().get(0));
    }
    return changes.inserted();
  }
}
