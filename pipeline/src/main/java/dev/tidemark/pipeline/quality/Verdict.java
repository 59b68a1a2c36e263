package dev.tidemark.pipeline.quality;

import java.time.Instant;

/**
 * What came of a rule at one time, for one hour or landing.
 *
 * @param rule its name
 * @param severity what becomes of what breaks it
 * @param subject what was judged: {@code landing}, {@code hour} or {@code freshness}
 * @param windowStart start of the hour; null where no hour was judged
 * @param outcome whether it was kept to
 * @param observed events that break the rule, or the figure that was judged; null for none
 * @param expected what the figure usually is; null where that is not known
 * @param detail for people
 */
public record Verdict(
    String rule,
    Severity severity,
    String subject,
    Instant windowStart,
    Outcome outcome,
    Double observed,
    Double expected,
    String detail) {
  static final String LANDING = "landing";
  static final String HOUR = "hour";
  static final String FRESHNESS = "freshness";

  /** Whether the rule was broken and that is to be told. */
  public boolean failed() {
    return outcome == Outcome.FAILED;
  }

  /** Whether this holds an hour, or stops where there is none. */
  public boolean stops() {
    return failed() && severity == Severity.STOP;
  }

  static Verdict of(
      QualityRule rule,
      String subject,
      Instant windowStart,
      Outcome outcome,
      Double observed,
      Double expected,
      String detail) {
    return new Verdict(
        rule.name(), rule.severity(), subject, windowStart, outcome, observed, expected, detail);
  }
}
