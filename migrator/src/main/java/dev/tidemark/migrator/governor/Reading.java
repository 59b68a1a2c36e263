package dev.tidemark.migrator.governor;

import java.time.Duration;

/**
 * What a signal showed when it was looked at.
 *
 * @param signal its name, as it stands in the configuration, such as {@code replication-lag}
 * @param level what it asks for
 * @param value the number behind it, in the unit of its thresholds; not a number if there is none
 * @param words the same for people, such as "a replica lags 7.2 s behind"; for {@link
 *     Level#UNKNOWN} why nothing can be told and what to do about it
 * @param rest for {@link Level#THROTTLE}, how long a rest makes up for what the job did; zero where
 *     the signal cannot tell
 */
public record Reading(String signal, Level level, double value, String words, Duration rest) {
  /** A signal that cannot tell how much less it asks for. */
  public Reading(String signal, Level level, double value, String words) {
    this(signal, level, value, words, Duration.ZERO);
  }

  static Reading unknown(String signal, String why) {
    return new Reading(signal, Level.UNKNOWN, Double.NaN, why);
  }
}
