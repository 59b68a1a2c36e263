package dev.tidemark.pipeline.rollup;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeHistory;
import dev.tidemark.pipeline.lake.LakeTable;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings both rollups up to the newest landed events, hours first. */
public final class Rollup {
  private static final Logger LOG = LoggerFactory.getLogger(Rollup.class);

  /**
   * Marks the definition with which all windows were computed, in the log of the daily table: that
   * of the hourly one says which days to recompute.
   */
  private static final String DEFINITION = "definition:";

  private final Lake lake;
  private final String runId;
  private final RollupDefinition definition;
  private final RollupUnits units;

  /** Hears of progress; one call at a time, from any thread. */
  public interface Listener {
    /** A month of a rollup has been brought up to date. */
    void unitDone(String table, YearMonth month, int done, int of);
  }

  /**
   * Windows to recompute although nothing says that they changed.
   *
   * @param hours starts of hours, UTC
   * @param dates UTC dates
   */
  public record Again(SortedSet<Instant> hours, SortedSet<LocalDate> dates) {
    /** No window. */
    public static final Again NONE = new Again(new TreeSet<>(), new TreeSet<>());

    private Again notBefore(Optional<LocalDate> horizon) {
      SortedSet<Instant> kept = new TreeSet<>(hours);
      kept.removeIf(hour -> AffectedWindows.isFrozen(hour, horizon));
      return new Again(kept, dates);
    }
  }

  /**
   * A rollup of a lake.
   *
   * @param runId marks the commits of this run
   * @param listener hears of progress
   */
  public Rollup(Lake lake, String runId, Listener listener) {
    this(lake, runId, listener, RollupDefinition.CURRENT);
  }

  Rollup(Lake lake, String runId, Listener listener, RollupDefinition definition) {
    this.lake = Objects.requireNonNull(lake);
    this.runId = Objects.requireNonNull(runId);
    this.definition = Objects.requireNonNull(definition);
    this.units = new RollupUnits(lake, listener);
  }

  /** Version of {@code usage_events} that the hourly rollup has consumed; -1 for none. */
  public static long consumedVersion(Lake lake) {
    return new HourlyRollup(lake).floor();
  }

  /** The hours that a run would recompute now. */
  public List<AffectedWindow> affectedWindows() {
    HourlyRollup hourly = new HourlyRollup(lake);
    AffectedWindows affected = hourly.affected(lake.usageEvents().version());
    return (redefined() ? affected.with(staleHours()) : affected)
        .notBefore(lake.usageEvents().horizon())
        .byHour();
  }

  /**
   * The hours that a run would recompute if it landed events first.
   *
   * @param arriving rows of {@code usage_events} to be
   */
  public List<AffectedWindow> affectedWindows(Dataset<Row> arriving) {
    return new AffectedWindows(affectedWindows()).plus(AffectedWindows.grouped(arriving)).byHour();
  }

  /** Recomputes what arrivals have touched. With nothing new, nothing is written. */
  public RollupReport run() {
    return run(Again.NONE);
  }

  /** Recomputes what arrivals have touched, and more; but no hour whose events are gone (EX-21). */
  public RollupReport run(Again wanted) {
    Again again = wanted.notBefore(lake.usageEvents().horizon());
    Stamp stamp = new Stamp(runId, Instant.now(), definition);
    DoubledRows.clear(
        lake.usageHourly(), lake.spark(), "hour_start", WindowRevisions.literals(again.hours()));
    DoubledRows.clear(
        lake.usageDaily(), lake.spark(), "usage_date", RollupUnit.literals(again.dates()));
    LakeHistory history = LakeHistory.read(lake);
    boolean redefined = redefined();
    HourlyRollup hourly = new HourlyRollup(lake, history);
    long landed = lake.usageEvents().version();
    // Read after the version: what retention took away by then lies before this horizon.
    Optional<LocalDate> horizon = lake.usageEvents().horizon();
    AffectedWindows affected =
        hourly
            .affected(landed)
            .plus(
                new AffectedWindows(
                    again.hours().stream()
                        .map(hour -> new AffectedWindow(hour, 0, Duration.ZERO, false))
                        .toList()));
    affected = affected.notBefore(horizon);
    SortedSet<Instant> repeated = new TreeSet<>(again.hours());
    if (redefined) {
      affected = affected.with(staleHours()).notBefore(horizon);
      affected.byHour().stream()
          .filter(AffectedWindow::redefined)
          .forEach(window -> repeated.add(window.hourStart()));
      if (!repeated.isEmpty()) {
        LOG.info(
            "{} hours were computed with another definition than {} and are computed again",
            repeated.size(),
            definition.version());
      }
    }
    SortedMap<LocalDate, SortedSet<Instant>> hours = affected.byMonth();
    Set<LocalDate> repeatedMonths = new HashSet<>();
    repeated.forEach(
        hour -> repeatedMonths.add(LocalDate.ofInstant(hour, ZoneOffset.UTC).withDayOfMonth(1)));
    RollupUnit.Changes hourChanges =
        units.run(
            "usage_hourly",
            hours,
            (own, month, windows) ->
                new HourlyRollup(own, history)
                    .recompute(month, windows, landed, repeatedMonths.contains(month), stamp));
    hourly.moveFloor(landed);

    DailyRollup daily = new DailyRollup(lake, history);
    long version = lake.usageHourly().version();
    SortedSet<LocalDate> dates = daily.affected(version);
    SortedSet<LocalDate> repeatedDates = new TreeSet<>(again.dates());
    if (redefined && everWritten(lake.usageDaily())) {
      repeatedDates.addAll(daily.stale(definition));
    }
    dates.addAll(repeatedDates);
    SortedMap<LocalDate, SortedSet<LocalDate>> months = byMonth(dates);
    Set<LocalDate> againMonths = byMonth(repeatedDates).keySet();
    RollupUnit.Changes dayChanges =
        units.run(
            "usage_daily",
            months,
            (own, month, days) ->
                new DailyRollup(own, history)
                    .recompute(month, days, version, againMonths.contains(month), stamp));
    daily.moveFloor(version);
    if (redefined) {
      markDefinition();
    }
    List<WindowDifference> differences = new ArrayList<>(hourChanges.differences());
    differences.addAll(dayChanges.differences());
    return new RollupReport(
        landed,
        affected.byHour(),
        dates.size(),
        counts(hourChanges),
        counts(dayChanges),
        differences);
  }

  private SortedSet<Instant> staleHours() {
    return everWritten(lake.usageHourly())
        ? new HourlyRollup(lake).stale(definition)
        : new TreeSet<>();
  }

  private static boolean everWritten(LakeTable rollup) {
    return !rollup.transactions("").isEmpty();
  }

  /** Whether windows may have been computed with another definition than this run's. */
  private boolean redefined() {
    return !newestDefinition().getKey().equals(DEFINITION + definition.version());
  }

  private void markDefinition() {
    lake.usageDaily().mark(DEFINITION + definition.version(), newestDefinition().getValue() + 1);
  }

  private Map.Entry<String, Long> newestDefinition() {
    return lake.usageDaily().transactions(DEFINITION).entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .orElse(Map.entry("", 0L));
  }

  private static SortedMap<LocalDate, SortedSet<LocalDate>> byMonth(SortedSet<LocalDate> dates) {
    SortedMap<LocalDate, SortedSet<LocalDate>> months = new TreeMap<>();
    dates.forEach(
        date -> months.computeIfAbsent(date.withDayOfMonth(1), key -> new TreeSet<>()).add(date));
    return months;
  }

  private static RollupReport.RowCounts counts(RollupUnit.Changes changes) {
    return new RollupReport.RowCounts(changes.inserted(), changes.updated(), changes.deleted());
  }
}
