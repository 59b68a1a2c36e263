package dev.tidemark.migrator.governor;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What the canary's latencies ask for. A latency from {@link Threshold#throttleAt} times the
 * baseline on is slow, and slow time has to be paid by rest ({@link SlowTime}): how fast to go is a
 * matter of whole cycles of chunk and pause. Whether to stop is one of the last moments ({@link
 * LatencyRatio}). Reads no clock; not thread-safe.
 */
final class CanaryJudge {
  static final String NAME = "canary";

  private static final int RECENT = 100;
  private static final int QUIET = 6_000;

  /** Where rest does not pay: as long as anybody will let the job wait. */
  private static final double LONGEST_REST = Duration.ofDays(1).toSeconds();

  private final Threshold threshold;
  private final LatencyRatio ratio = new LatencyRatio(RECENT, QUIET);
  private final SlowTime slowTime = new SlowTime();

  CanaryJudge(Threshold threshold) {
    this.threshold = threshold;
  }

  /**
   * A query was answered. Those that were due while it was not count as well, each as having waited
   * from then on: else the longest waits would count least.
   *
   * @param latency how long it took
   * @param every after how long the next one was due
   * @param atWork whether the job was at work
   */
  void add(Duration latency, Duration every, boolean atWork) {
    for (long left = latency.toNanos(); left > 0; left -= every.toNanos()) {
      ratio.add(left, atWork);
      slowTime.add(every.toNanos() / 1e9, left >= slowFrom(), atWork);
    }
  }

  boolean knowsWhatIsNormal() {
    return ratio.ratio().isPresent();
  }

  Reading read() {
    OptionalDouble now = ratio.ratio();
    if (now.isEmpty()) {
      return new Reading(NAME, Level.CALM, Double.NaN, "the canary's latency is being learnt");
    }
    String words =
        String.format(
            Locale.ROOT,
            "the canary's p95 is %.2f times its baseline of %.2f ms",
            now.getAsDouble(),
            ratio.baseline() / 1e6);
    if (threshold.level(now.getAsDouble()) == Level.STOP) {
      return new Reading(NAME, Level.STOP, now.getAsDouble(), words);
    }
    double rest = Math.min(LONGEST_REST, slowTime.rest(ratio.quietFrom(slowFrom())));
    return new Reading(
        NAME,
        rest > 0 ? Level.THROTTLE : Level.CALM,
        now.getAsDouble(),
        words,
        Duration.ofNanos(Math.round(rest * 1e9)));
  }

  /** Nothing is slow before there is a baseline. */
  private double slowFrom() {
    return Double.isNaN(ratio.baseline())
        ? Double.POSITIVE_INFINITY
        : ratio.baseline() * threshold.throttleAt().orElse(Double.POSITIVE_INFINITY);
  }
}
