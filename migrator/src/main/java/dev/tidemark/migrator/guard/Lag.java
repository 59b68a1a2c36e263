package dev.tidemark.migrator.guard;

import java.time.Duration;
import java.util.Optional;

/**
 * How far a standby or a slot is behind.
 *
 * @param name which it is
 * @param bytes of write-ahead log
 * @param delay time; zero where it is not known
 */
record Lag(String name, long bytes, Duration delay) {
  /**
   * In words, if it is further behind than it may be.
   *
   * @param mostBytes zero for any number
   * @param longest zero for any time
   */
  Optional<String> beyond(long mostBytes, Duration longest) {
    if (mostBytes > 0 && bytes > mostBytes) {
      return Optional.of(
          "%s is %s behind, at most %s are allowed"
              .formatted(name, Times.bytes(bytes), Times.bytes(mostBytes)));
    }
    if (!longest.isZero() && delay.compareTo(longest) > 0) {
      return Optional.of(
          "%s is %s behind, at most %s are allowed"
              .formatted(name, Times.words(delay), Times.words(longest)));
    }
    return Optional.empty();
  }
}
