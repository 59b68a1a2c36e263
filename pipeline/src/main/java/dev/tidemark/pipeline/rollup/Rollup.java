package dev.tidemark.pipeline.rollup;

import dev.tidemark.pipeline.lake.Lake;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;

/** Brings both rollups up to the newest landed events, hours first. */
public final class Rollup {
  private final Lake lake;
  private final String runId;
  private final Listener listener;

  /** Hears of progress; calls come from the thread that runs the rollup. */
  public interface Listener {
    /** A partition of a rollup has been brought up to date. */
    void unitDone(String table, LocalDate partition, int done, int of);
  }

  /**
   * A rollup of a lake.
   *
   * @param runId marks the commits of this run
   * @param listener hears of progress
   */
  public Rollup(Lake lake, String runId, Listener listener) {
    // A session of its own, in which transaction versions are set.
    this.lake =
        lake.with(((org.apache.spark.sql.classic.SparkSession) lake.spark()).cloneSession());
    this.runId = Objects.requireNonNull(runId);
    this.listener = Objects.requireNonNull(listener);
  }

  /** Version of {@code usage_events} that the hourly rollup has consumed; -1 for none. */
  public static long consumedVersion(Lake lake) {
    return new HourlyRollup(lake).floor();
  }

  /** The hours that a run would recompute now. */
  public List<AffectedWindow> affectedWindows() {
    return new HourlyRollup(lake).affected(lake.usageEvents().version()).byHour();
  }

  /** Recomputes what arrivals have touched. With nothing new, nothing is written. */
  public RollupReport run() {
    Instant now = Instant.now();
    HourlyRollup hourly = new HourlyRollup(lake);
    long landed = lake.usageEvents().version();
    AffectedWindows affected = hourly.affected(landed);
    RollupUnit.Changes hours = recomputeHours(hourly, affected, landed, false, now);
    hourly.moveFloor(landed, runId);

    DailyRollup daily = new DailyRollup(lake);
    long version = lake.usageHourly().version();
    SortedMap<LocalDate, SortedSet<LocalDate>> months = daily.affected(version);
    RollupUnit.Changes days = RollupUnit.Changes.NONE;
    int done = 0;
    for (Map.Entry<LocalDate, SortedSet<LocalDate>> month : months.entrySet()) {
      days = days.plus(daily.recompute(month.getKey(), month.getValue(), version, false, now));
      listener.unitDone("usage_daily", month.getKey(), ++done, months.size());
    }
    daily.moveFloor(version, runId);
    int dates = months.values().stream().mapToInt(SortedSet::size).sum();
    return new RollupReport(landed, affected.byHour(), dates, counts(hours), counts(days));
  }

  private RollupUnit.Changes recomputeHours(
      HourlyRollup hourly, AffectedWindows affected, long version, boolean again, Instant now) {
    RollupUnit.Changes changes = RollupUnit.Changes.NONE;
    SortedMap<LocalDate, SortedSet<Instant>> dates = affected.byDate();
    int done = 0;
    for (Map.Entry<LocalDate, SortedSet<Instant>> date : dates.entrySet()) {
      changes = changes.plus(hourly.recompute(date.getKey(), date.getValue(), version, again, now));
      listener.unitDone("usage_hourly", date.getKey(), ++done, dates.size());
    }
    return changes;
  }

  private static RollupReport.RowCounts counts(RollupUnit.Changes changes) {
    return new RollupReport.RowCounts(changes.inserted(), changes.updated(), changes.deleted());
  }
}
