package dev.tidemark.pipeline.backfill;

import java.time.Duration;
import java.util.Optional;

/**
 * How far a backfill is.
 *
 * @param daysDone by earlier runs too
 * @param days of the whole range
 * @param result of this run
 * @param elapsed since this run began
 * @param left how long the rest takes at the pace of this run; empty where that is not known yet
 */
public record BackfillProgress(
    int daysDone, int days, ChunkResult result, Duration elapsed, Optional<Duration> left) {
  /**
   * @param daysBefore of them were done by earlier runs
   */
  static BackfillProgress of(
      int daysDone, int daysBefore, int days, ChunkResult result, Duration elapsed) {
    int now = daysDone - daysBefore;
    Optional<Duration> left =
        now == 0
            ? Optional.empty()
            : Optional.of(elapsed.multipliedBy(days - daysDone).dividedBy(now));
    return new BackfillProgress(daysDone, days, result, elapsed, left);
  }

  String words() {
    return "%d of %d days are done, recorded in the lake".formatted(daysDone, days);
  }
}
