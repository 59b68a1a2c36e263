package dev.tidemark.pipeline.backfill;

import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.window.Days;
import dev.tidemark.pipeline.window.Micros;
import dev.tidemark.pipeline.window.TimeRange;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a user wants to have backfilled.
 *
 * @param range the days on which an instant of it lies are backfilled whole
 * @param order which days come first
 * @param mostTime how long it may take; empty for as long as it needs
 * @param control a file that steers it while it runs; empty for none
 */
public record BackfillRequest(
    TimeRange range, Order order, Optional<Duration> mostTime, Optional<Path> control) {
  private static final long FIRST = Micros.of(Instant.parse("2000-01-01T00:00:00Z"));

  /** Which days come first. */
  public enum Order {
    /** What people look at most is right first. */
    NEWEST_FIRST,
    /** As it happened. */
    OLDEST_FIRST
  }

  /** Takes whole days. */
  public BackfillRequest {
    range = range.toWholeDays();
  }

  /**
   * The same without days in which no event can lie: before 2000, and later than the day after the
   * present one, since senders' clocks may be ahead.
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException if nothing is left
   */
  public BackfillRequest possible(Instant now) {
    TimeRange possible = possibleDays(now);
    long from = Math.max(range.from(), possible.from());
    long to = Math.min(range.to(), possible.to());
    if (range.from() >= Micros.of(now) || from >= to) {
      throw PipelineFailures.nothingToBackfill(range, possible);
    }
    return new BackfillRequest(new TimeRange(from, to), order, mostTime, control);
  }

  /** The days on which events can lie. */
  public static TimeRange possibleDays(Instant now) {
    return new TimeRange(FIRST, Days.startOf(Days.of(Micros.of(now)) + 2));
  }
}
