package dev.tidemark.pipeline.landing;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.histogram.LatencyBuckets;
import dev.tidemark.pipeline.quality.Conditions;
import dev.tidemark.pipeline.quality.QualityRule;
import dev.tidemark.pipeline.quality.QualityRules;
import dev.tidemark.pipeline.source.RawEvents;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;

/** What an event must keep to at the door; the first rule that it breaks names its quarantine. */
final class EventRules {
  /** Tokens that one request can at most have read or written. */
  static final long MOST_TOKENS = 10_000_000_000L;

  /** What one request can at most cost: 10,000 US dollars, in nano dollars. */
  static final long MOST_COST_NANO_USD = 10_000L * 1_000_000_000L;

  /** Characters that an identity or a dimension can at most have. */
  static final int LONGEST_TEXT = 512;

  private static final String IN_FUTURE = "occurred-at-in-future";
  private static final String FROZEN = "before-events-horizon";

  private record Rule(String name, String broken) {}

  private static final List<Rule> RULES =
      List.of(
          new Rule("event-id-missing", "event_id IS NULL OR event_id = ''"),
          new Rule("occurred-at-missing", "occurred_at IS NULL"),
          new Rule(
              "occurred-at-out-of-bounds",
              "occurred_at < TIMESTAMP'2000-01-01 00:00:00Z'"
                  + " OR occurred_at >= TIMESTAMP'2100-01-01 00:00:00Z'"),
          new Rule(
              "received-at-out-of-bounds",
              "received_at < TIMESTAMP'2000-01-01 00:00:00Z'"
                  + " OR received_at >= TIMESTAMP'2100-01-01 00:00:00Z'"),
          new Rule(
              "status-unknown",
              "status IS NULL OR status NOT IN ('success', 'client_error', 'server_error',"
                  + " 'timeout', 'rate_limited', 'cancelled')"),
          new Rule("input-tokens-missing", "input_tokens IS NULL"),
          new Rule("output-tokens-missing", "output_tokens IS NULL"),
          new Rule("input-tokens-negative", "input_tokens < 0"),
          new Rule("cached-input-tokens-negative", "cached_input_tokens < 0"),
          new Rule("output-tokens-negative", "output_tokens < 0"),
          new Rule("cost-negative", "cost_nano_usd < 0"),
          new Rule("latency-negative", "latency_ms < 0"),
          new Rule("time-to-first-token-negative", "time_to_first_token_ms < 0"),
          new Rule("input-tokens-out-of-bounds", "input_tokens > " + MOST_TOKENS),
          new Rule("output-tokens-out-of-bounds", "output_tokens > " + MOST_TOKENS),
          new Rule("cached-exceed-input-tokens", "cached_input_tokens > input_tokens"),
          new Rule("cost-out-of-bounds", "cost_nano_usd > " + MOST_COST_NANO_USD),
          new Rule("latency-out-of-bounds", "latency_ms > " + LatencyBuckets.MAX_MILLIS),
          new Rule(
              "time-to-first-token-out-of-bounds",
              "time_to_first_token_ms > " + LatencyBuckets.MAX_MILLIS),
          new Rule("text-too-long", longTexts()));

  private EventRules() {}

  /**
   * The name of the first rule that a row of {@link RawEvents#SCHEMA} breaks; null for a good row.
   *
   * @param now the run's clock
   * @param mostAhead how far the time of an event may lie ahead of it
   * @param rules the user's own; they see what keeps to ours
   * @param horizon the first date that is not frozen; empty for none (EX-21)
   */
  static Column broken(
      Instant now, Duration mostAhead, QualityRules rules, Optional<LocalDate> horizon) {
    Column rule = when(col(RawEvents.READ_FAILURE).isNotNull(), col(RawEvents.READ_FAILURE));
    for (Rule each : RULES) {
      rule = rule.when(expr(each.broken()), lit(each.name()));
    }
    Timestamp latest = Timestamp.from(now.plus(mostAhead));
    rule = rule.when(col("occurred_at").gt(lit(latest)), lit(IN_FUTURE));
    if (horizon.isPresent()) {
      Instant from = horizon.get().atStartOfDay(ZoneOffset.UTC).toInstant();
      rule = rule.when(col("occurred_at").lt(lit(Timestamp.from(from))), lit(FROZEN));
    }
    for (QualityRule each : rules.atTheDoor()) {
      rule = rule.when(Conditions.brokenBy(each), lit(each.name()));
    }
    return rule;
  }

  /**
   * What breaks a rule, in SQL or in words; empty for a rule that is not of these.
   *
   * @param name as a quarantined event has it
   */
  static Optional<String> explanation(String name) {
    if (name.equals(IN_FUTURE)) {
      return Optional.of("occurred_at lies further ahead than landing.most-time-ahead");
    }
    if (name.equals(FROZEN)) {
      return Optional.of("occurred_at lies before the first date that the lake keeps events of");
    }
    if (name.equals("malformed-record")) {
      return Optional.of("the record is not of the source's format");
    }
    if (name.startsWith("mapping-failed:")) {
      return Optional.of("the mapping source.columns." + name.substring(15) + " fails on it");
    }
    return RULES.stream().filter(rule -> rule.name().equals(name)).findFirst().map(Rule::broken);
  }

  /**
   * Makes sure that no rule of the user's has the name of one of ours.
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException if one has
   */
  static void requireOtherNames(QualityRules rules) {
    for (QualityRule rule : rules.all()) {
      if (explanation(rule.name()).isPresent() || rule.name().equals("occurred-at-infinite")) {
        throw PipelineFailures.ruleNameTaken(rule.name(), rule.place(), "Tidemark's own rules");
      }
    }
  }

  private static String longTexts() {
    StringBuilder texts = new StringBuilder("length(event_id) > " + LONGEST_TEXT);
    for (String dimension : RawEvents.DIMENSIONS) {
      texts.append(" OR length(").append(dimension).append(") > ").append(LONGEST_TEXT);
    }
    return texts.toString();
  }
}
