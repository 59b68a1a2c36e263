package dev.tidemark.pipeline.quality;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;

import dev.tidemark.pipeline.anomaly.RobustBaseline;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.quality.QualityRule.Anomaly;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;
import org.apache.spark.sql.Row;

/** Judges hours by their sums, before they are published. */
public final class HourJudge {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration WEEK = Duration.ofDays(7);

  /** Judges nothing. */
  public static final HourJudge NONE =
      new HourJudge(QualityRules.NONE, List.of(), Optional.empty(), Instant.MIN);

  private final QualityRules rules;
  private final List<QualityRule> conditions;
  private final Optional<Releases> releases;
  private final Instant now;

  private HourJudge(
      QualityRules rules, List<QualityRule> conditions, Optional<Releases> releases, Instant now) {
    this.rules = rules;
    this.conditions = conditions;
    this.releases = releases;
    this.now = now;
  }

  /**
   * Judges by rules, as far as nobody has released an hour from them.
   *
   * @param now hours that are not over by then are not compared with their past
   */
  public static HourJudge of(Lake lake, QualityRules rules, Instant now) {
    boolean stops = rules.all().stream().anyMatch(rule -> rule.severity() == Severity.STOP);
    return of(rules, stops ? Optional.of(Releases.read(lake)) : Optional.empty(), now);
  }

  static HourJudge of(QualityRules rules, Optional<Releases> releases, Instant now) {
    return new HourJudge(rules, rules.onHours(), releases, now);
  }

  /** The same with all conditions, those at the door too. */
  public HourJudge withTheDoor() {
    return new HourJudge(rules, rules.conditions(), releases, now);
  }

  /** The rules by which it judges. */
  public QualityRules rules() {
    return rules;
  }

  /** The conditions that an hour's sums are to tell of, in the order of {@link HourSums#broken}. */
  public List<QualityRule> conditions() {
    return conditions;
  }

  /** Whether it judges nothing. */
  public boolean isIdle() {
    return conditions.isEmpty() && rules.anomalies().isEmpty();
  }

  /**
   * Judges hours, the earliest first.
   *
   * @param lake whose published hours are their past
   * @param hours their sums; where an hour is both here and published, this counts
   */
  public Judgement judge(Lake lake, SortedMap<Instant, HourSums> hours) {
    if (isIdle() || hours.isEmpty()) {
      return Judgement.NONE;
    }
    Map<Instant, HourSums> past =
        rules.anomalies().isEmpty() ? Map.of() : published(lake, hours.keySet());
    return judge(past, hours);
  }

  Judgement judge(Map<Instant, HourSums> published, SortedMap<Instant, HourSums> hours) {
    Map<Instant, HourSums> past = new HashMap<>(published);
    past.keySet().removeAll(hours.keySet());
    List<Verdict> verdicts = new ArrayList<>();
    hours.forEach(
        (hour, sums) -> {
          List<Verdict> ofHour = new ArrayList<>();
          for (int i = 0; i < conditions.size() && sums.requests() > 0; i++) {
            ofHour.add(condition(conditions.get(i), hour, sums.broken().get(i)));
          }
          for (QualityRule rule : rules.anomalies()) {
            ofHour.add(anomaly(rule, hour, sums, past));
          }
          verdicts.addAll(ofHour);
          if (ofHour.stream().noneMatch(Verdict::stops)) {
            past.put(hour, sums);
          }
        });
    return new Judgement(verdicts);
  }

  private Verdict condition(QualityRule rule, Instant hour, long broken) {
    String detail =
        QualityRules.isOfEvents(rule)
            ? broken + " events break " + rule.check().text()
            : (broken == 0 ? "kept to " : "broke ") + rule.check().text();
    return verdict(rule, hour, broken > 0, (double) broken, null, detail);
  }

  private Verdict anomaly(
      QualityRule rule, Instant hour, HourSums sums, Map<Instant, HourSums> past) {
    Anomaly anomaly = (Anomaly) rule.check();
    if (hour.plus(HOUR).isAfter(now)) {
      return unknown(rule, hour, "the hour is not over");
    }
    if (sums.requests() == 0 && anomaly.measure().equals(HourSums.ERROR_RATE)) {
      return unknown(rule, hour, "there was no request");
    }
    double[] figures =
        weeksBefore(hour, anomaly.weeks()).stream()
            .map(past::get)
            .filter(earlier -> earlier != null && earlier.requests() > 0)
            .mapToDouble(earlier -> earlier.figure(anomaly.measure()))
            .toArray();
    Optional<RobustBaseline> baseline =
        RobustBaseline.of(figures, anomaly.leastWeeks(), noise(anomaly, sums), anomaly.floor());
    if (baseline.isEmpty()) {
      return unknown(
          rule,
          hour,
          "%d of the %d weeks that are needed have this hour"
              .formatted(figures.length, anomaly.leastWeeks()));
    }
    double figure = sums.figure(anomaly.measure());
    double score = baseline.get().score(figure);
    String detail =
        String.format(
            Locale.ROOT,
            "%s %.4g, usually %.4g; score %.2f over %d weeks",
            anomaly.measure(),
            figure,
            baseline.get().expected(),
            score,
            figures.length);
    boolean unusual = anomaly.direction().isUnusual(score, anomaly.threshold());
    return verdict(rule, hour, unusual, figure, baseline.get().expected(), detail);
  }

  /**
   * What counting alone makes a figure vary by: of a count its root, of a share that of its mean.
   */
  private static DoubleUnaryOperator noise(Anomaly anomaly, HourSums sums) {
    return anomaly.measure().equals(HourSums.ERROR_RATE)
        ? rate -> Math.sqrt(rate * (1 - rate) / Math.max(1, sums.requests()))
        : Math::sqrt;
  }

  private Verdict verdict(
      QualityRule rule,
      Instant hour,
      boolean broken,
      Double observed,
      Double expected,
      String detail) {
    boolean released = broken && releases.isPresent() && releases.get().contains(hour, rule.name());
    Outcome outcome = released ? Outcome.RELEASED : broken ? Outcome.FAILED : Outcome.PASSED;
    return Verdict.of(rule, Verdict.HOUR, hour, outcome, observed, expected, detail);
  }

  private static Verdict unknown(QualityRule rule, Instant hour, String why) {
    return Verdict.of(rule, Verdict.HOUR, hour, Outcome.UNKNOWN, null, null, why);
  }

  private static List<Instant> weeksBefore(Instant hour, int weeks) {
    List<Instant> before = new ArrayList<>();
    for (int week = 1; week <= weeks; week++) {
      before.add(hour.minus(WEEK.multipliedBy(week)));
    }
    return before;
  }

  /** The published hours that lie whole weeks before others. */
  private Map<Instant, HourSums> published(Lake lake, Set<Instant> hours) {
    int weeks =
        rules.anomalies().stream()
            .mapToInt(rule -> ((Anomaly) rule.check()).weeks())
            .max()
            .orElse(0);
    Set<LocalDate> dates = new TreeSet<>();
    for (Instant hour : hours) {
      weeksBefore(hour, weeks)
          .forEach(before -> dates.add(LocalDate.ofInstant(before, ZoneOffset.UTC)));
    }
    Map<Instant, HourSums> sums = new HashMap<>();
    for (Row row :
        lake.usageHourly()
            .read()
            .where(col("usage_date").isin(dates.toArray()))
            .groupBy("hour_start")
            .agg(sum("request_count"), sum("error_count"))
            .collectAsList()) {
      sums.put(row.getTimestamp(0).toInstant(), HourSums.of(row.getLong(1), row.getLong(2)));
    }
    return sums;
  }
}
