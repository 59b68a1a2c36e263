package dev.tidemark.pipeline.rollup;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeHistory;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;

/** Brings both rollups up to the newest landed events, hours first. */
public final class Rollup {
  private final Lake lake;
  private final String runId;
  private final RollupUnits units;

  /** Hears of progress; one call at a time, from any thread. */
  public interface Listener {
    /** A month of a rollup has been brought up to date. */
    void unitDone(String table, YearMonth month, int done, int of);
  }

  /**
   * A rollup of a lake.
   *
   * @param runId marks the commits of this run
   * @param listener hears of progress
   */
  public Rollup(Lake lake, String runId, Listener listener) {
    this.lake = Objects.requireNonNull(lake);
    this.runId = Objects.requireNonNull(runId);
    this.units = new RollupUnits(lake, listener);
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
    LakeHistory history = LakeHistory.read(lake);
    HourlyRollup hourly = new HourlyRollup(lake, history);
    long landed = lake.usageEvents().version();
    AffectedWindows affected = hourly.affected(landed);
    RollupUnit.Changes hours =
        units.run(
            "usage_hourly",
            affected.byMonth(),
            (own, month, windows) ->
                new HourlyRollup(own, history).recompute(month, windows, landed, false, now));
    hourly.moveFloor(landed, runId);

    DailyRollup daily = new DailyRollup(lake, history);
    long version = lake.usageHourly().version();
    SortedMap<LocalDate, SortedSet<LocalDate>> months = daily.affected(version);
    RollupUnit.Changes days =
        units.run(
            "usage_daily",
            months,
            (own, month, dates) ->
                new DailyRollup(own, history).recompute(month, dates, version, false, now));
    daily.moveFloor(version, runId);
    int dates = months.values().stream().mapToInt(SortedSet::size).sum();
    return new RollupReport(landed, affected.byHour(), dates, counts(hours), counts(days));
  }

  private static RollupReport.RowCounts counts(RollupUnit.Changes changes) {
    return new RollupReport.RowCounts(changes.inserted(), changes.updated(), changes.deleted());
  }
}
