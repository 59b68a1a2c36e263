package dev.tidemark.migrator.sql;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often and when a statement that did not get its locks is tried again.
 *
 * @param attempts how many attempts it has; at least 1
 * @param pause the pause after the first attempt; it doubles from attempt to attempt up to 30 s
 */
public record LockPatience(int attempts, Duration pause) {
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /**
   * The pause after an attempt, give or take half, so that two waiters do not keep meeting.
   *
   * @param attempt from 1
   */
  public Duration pauseAfter(int attempt) {
    long doubled = pause.toMillis() << Math.min(attempt - 1, 16);
    long limited = Math.min(doubled, LONGEST.toMillis());
    return Duration.ofMillis(limited / 2 + ThreadLocalRandom.current().nextLong(limited + 1));
  }
}
