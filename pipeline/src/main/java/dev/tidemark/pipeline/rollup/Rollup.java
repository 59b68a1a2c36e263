package dev.tidemark.pipeline.rollup;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeHistory;
import dev.tidemark.pipeline.lake.LakeTable;
import dev.tidemark.pipeline.quality.HourJudge;
import dev.tidemark.pipeline.quality.HourSums;
import dev.tidemark.pipeline.quality.Judgement;
import dev.tidemark.pipeline.quality.QualityRules;
import dev.tidemark.pipeline.quality.Releases;
import dev.tidemark.pipeline.window.TimeRange;
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

  /**
   * Marks the quality rules and releases by which all held hours were judged, in the log of the
   * daily table.
   */
  private static final String JUDGED = "judged:";

  private final Lake lake;
  private final String runId;
  private final RollupDefinition definition;
  private final QualityRules rules;
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
    this(lake, runId, listener, QualityRules.NONE);
  }

  /**
   * A rollup of a lake that holds back what breaks rules.
   *
   * @param runId marks the commits of this run
   * @param listener hears of progress
   * @param rules what hours must keep to
   */
  public Rollup(Lake lake, String runId, Listener listener, QualityRules rules) {
    this(lake, runId, listener, RollupDefinition.CURRENT, rules);
  }

  Rollup(Lake lake, String runId, Listener listener, RollupDefinition definition) {
    this(lake, runId, listener, definition, QualityRules.NONE);
  }

  private Rollup(
      Lake lake, String runId, Listener listener, RollupDefinition definition, QualityRules rules) {
    this.rules = Objects.requireNonNull(rules);
    this.lake = Objects.requireNonNull(lake);
    this.runId = Objects.requireNonNull(runId);
    this.definition = Objects.requireNonNull(definition);
    this.units = new RollupUnits(lake, listener);
  }

  /** Version of {@code usage_events} that the hourly rollup has consumed; -1 for none. */
  public static long consumedVersion(Lake lake) {
    return new HourlyRollup(lake).floor();
  }

  /** The hours that are held, with the rules that hold each. */
  public static SortedMap<Instant, List<String>> heldHours(Lake lake) {
    return new WindowRevisions(lake).held();
  }

  /**
   * Judges hours by the events that the rollup has consumed, and publishes and holds nothing.
   *
   * @param hours starts of hours; those without events are judged too
   * @param judge with conditions of its own
   */
  public static Judgement judge(Lake lake, SortedSet<Instant> hours, HourJudge judge) {
    HourlyRollup hourly = new HourlyRollup(lake, LakeHistory.read(lake), judge);
    SortedMap<Instant, HourSums> sums = new TreeMap<>();
    long consumed = hourly.floor();
    if (consumed >= 0) {
      sums.putAll(WindowTotals.judged(hourly.made(hours, consumed).input().get()));
      sums.keySet().retainAll(hours);
    }
    HourSums none = new HourSums(WindowTotals.NOTHING.measures(), List.of());
    hours.forEach(hour -> sums.putIfAbsent(hour, none));
    return judge.judge(lake, sums);
  }

  /** The hours that a run would recompute now. */
  public List<AffectedWindow> affectedWindows() {
    HourlyRollup hourly = new HourlyRollup(lake);
    AffectedWindows affected = hourly.affected(lake.usageEvents().version());
    if (otherwiseJudged()) {
      affected = affected.plus(windows(heldHours(lake).keySet()));
    }
    return (redefined() ? affected.with(staleHours()) : affected)
        .notBefore(lake.usageEvents().horizon())
        .byHour();
  }

  /** The days that a run would recompute now, were no hour to change. */
  public SortedSet<LocalDate> affectedDates() {
    return new DailyRollup(lake).affected(lake.usageHourly().version());
  }

  private static AffectedWindows windows(Set<Instant> hours) {
    return new AffectedWindows(
        hours.stream().map(hour -> new AffectedWindow(hour, 0, Duration.ZERO, false)).toList());
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

  /**
   * Recomputes what arrivals have touched, and all hours and days of a range that hold something.
   *
   * @param range whole UTC days
   */
  public RollupReport run(TimeRange range) {
    return run(
        new Again(new HourlyRollup(lake).within(range), new DailyRollup(lake).within(range)));
  }

  /** Recomputes what arrivals have touched, and more; but no hour whose events are gone (EX-21). */
  public RollupReport run(Again wanted) {
    Again again = wanted.notBefore(lake.usageEvents().horizon());
    Instant now = lake.clock().instant();
    DoubledRows.clear(
        lake.usageHourly(), lake.spark(), "hour_start", WindowRevisions.literals(again.hours()));
    DoubledRows.clear(
        lake.usageDaily(), lake.spark(), "usage_date", RollupUnit.literals(again.dates()));
    LakeHistory history = LakeHistory.read(lake);
    boolean redefined = redefined();
    HourlyRollup hourly = new HourlyRollup(lake, history);
    boolean first = hourly.floor() < 0 || new DailyRollup(lake, history).floor() < 0;
    Stamp stamp = new Stamp(runId, first ? new WindowRevisions(lake).after(now) : now, definition);
    long landed = lake.usageEvents().version();
    // Read after the version: what retention took away by then lies before this horizon.
    Optional<LocalDate> horizon = lake.usageEvents().horizon();
    SortedSet<Instant> repeated = new TreeSet<>(again.hours());
    String judgedBy = judgedBy();
    boolean otherwiseJudged = otherwiseJudged();
    if (otherwiseJudged) {
      repeated.addAll(heldHours(lake).keySet());
    }
    HourJudge judge = HourJudge.of(lake, rules, now);
    AffectedWindows affected = hourly.affected(landed).plus(windows(repeated)).notBefore(horizon);
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
    Stamp hourStamp = hours.isEmpty() ? stamp : stamp.waitingSince(hourly.waitingSince(landed));
    RollupUnit.Changes hourChanges =
        units.run(
            "usage_hourly",
            hours,
            (own, month, windows) ->
                new HourlyRollup(own, history, judge)
                    .recompute(month, windows, landed, repeatedMonths.contains(month), hourStamp));
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
    Stamp dayStamp = months.isEmpty() ? stamp : stamp.waitingSince(daily.waitingSince(version));
    RollupUnit.Changes dayChanges =
        units.run(
            "usage_daily",
            months,
            (own, month, days) ->
                new DailyRollup(own, history)
                    .recompute(month, days, version, againMonths.contains(month), dayStamp));
    daily.moveFloor(version);
    // Who was overtaken, perhaps by a run with another definition or other rules, leaves it to the
    // next run to look.
    if (redefined && !hourChanges.overtaken() && !dayChanges.overtaken()) {
      markDefinition();
    }
    if (otherwiseJudged && !hourChanges.overtaken()) {
      markNext(JUDGED, judgedBy);
    }
    List<WindowDifference> differences = new ArrayList<>(hourChanges.differences());
    differences.addAll(dayChanges.differences());
    return new RollupReport(
        landed,
        affected.byHour(),
        dates.size(),
        counts(hourChanges),
        counts(dayChanges),
        differences,
        hourChanges.failed());
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
    return !newest(DEFINITION).getKey().equals(DEFINITION + definition.version());
  }

  private void markDefinition() {
    markNext(DEFINITION, DEFINITION + definition.version());
  }

  /** Whether held hours may have been judged by other rules, or before somebody released one. */
  private boolean otherwiseJudged() {
    String newest = newest(JUDGED).getKey();
    String known = newest.isEmpty() ? JUDGED + QualityRules.NONE.version() + ":0" : newest;
    return !known.equals(judgedBy());
  }

  private String judgedBy() {
    return JUDGED + rules.version() + ":" + Releases.version(lake);
  }

  private void markNext(String kind, String mark) {
    lake.usageDaily().mark(mark, newest(kind).getValue() + 1);
  }

  private Map.Entry<String, Long> newest(String kind) {
    return lake.usageDaily().transactions(kind).entrySet().stream()
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
