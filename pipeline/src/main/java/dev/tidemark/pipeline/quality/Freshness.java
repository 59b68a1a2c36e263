package dev.tidemark.pipeline.quality;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.lake.Lake;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.spark.sql.Row;

/** Judges how old the newest landed event is; events of the future count for nothing. */
public final class Freshness {
  private Freshness() {}

  /** One verdict a rule about freshness. Without such a rule nothing is read. */
  public static List<Verdict> judge(Lake lake, QualityRules rules, Instant now) {
    return rules.freshness().stream().map(rule -> judge(lake, rule, now)).toList();
  }

  /**
   * Makes sure that no verdict stops.
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException (refused) if one does
   */
  public static void require(List<Verdict> verdicts) {
    verdicts.stream()
        .filter(Verdict::stops)
        .findFirst()
        .ifPresent(
            verdict -> {
              throw PipelineFailures.stopped(verdict.rule(), verdict.detail());
            });
  }

  private static Verdict judge(Lake lake, QualityRule rule, Instant now) {
    Duration most = ((QualityRule.Freshness) rule.check()).most();
    Instant oldest = now.minus(most);
    Row newest =
        lake.usageEvents()
            .read()
            .where(col("event_date").geq(lit(LocalDate.ofInstant(oldest, ZoneOffset.UTC))))
            .where(col("occurred_at").leq(lit(Timestamp.from(now))))
            .agg(max("occurred_at"))
            .head();
    if (newest.isNullAt(0)) {
      return Verdict.of(
          rule,
          Verdict.FRESHNESS,
          null,
          Outcome.FAILED,
          null,
          (double) most.toSeconds(),
          "no event since " + oldest);
    }
    Duration age = Duration.between(newest.getTimestamp(0).toInstant(), now);
    return Verdict.of(
        rule,
        Verdict.FRESHNESS,
        null,
        age.compareTo(most) <= 0 ? Outcome.PASSED : Outcome.FAILED,
        (double) age.toSeconds(),
        (double) most.toSeconds(),
        "the newest event is of " + newest.getTimestamp(0).toInstant());
  }
}
