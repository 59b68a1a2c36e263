package dev.tidemark.migrator.governor;

import com.typesafe.config.Config;
import dev.tidemark.migrator.settings.Settings;
import java.time.Duration;

/**
 * How a governor steers.
 *
 * @param interval how long a chunk should occupy the source; chunks are made to take 90 to 95 % of
 *     it
 * @param leastShare the share of the time that a throttled job still works, above 0
 * @param firstShare the share that it begins with, and goes on with after a hold
 * @param mostShare the share of an undisturbed job, at most 1
 * @param reaction how long a slow-down has to show in the signals before the next one, and how long
 *     calm takes to win a twentieth of the time
 * @param lookAgain how long to wait between looks while the signals say stop
 * @param longestHold how long one hold may last before the job gives up
 * @param leastSize no chunk is smaller, in the job's own unit
 * @param mostSize no chunk is bigger
 */
public record GovernorSettings(
    Duration interval,
    double leastShare,
    double firstShare,
    double mostShare,
    Duration reaction,
    Duration lookAgain,
    Duration longestHold,
    long leastSize,
    long mostSize) {

  /** Refuses bounds that leave nothing between them. */
  public GovernorSettings {
    boolean ordered =
        0 < leastShare && leastShare <= firstShare && firstShare <= mostShare && mostShare <= 1;
    if (!ordered || leastSize < 1 || leastSize > mostSize || interval.toNanos() < 1) {
      throw new IllegalArgumentException(
          "shares %s, %s, %s; sizes %d, %d; interval %s"
              .formatted(leastShare, firstShare, mostShare, leastSize, mostSize, interval));
    }
  }

  /** Reads the section {@code governor}; chunks of any size. */
  public static GovernorSettings of(Config config) {
    return Settings.value(
        config,
        "governor",
        c ->
            new GovernorSettings(
                Settings.duration(c, "governor.interval"),
                c.getDouble("governor.share.least"),
                c.getDouble("governor.share.first"),
                c.getDouble("governor.share.most"),
                Settings.duration(c, "governor.reaction"),
                Settings.duration(c, "governor.look-again"),
                Settings.duration(c, "governor.longest-hold"),
                1,
                Long.MAX_VALUE));
  }

  /** The same with chunks of another length, for jobs whose smallest chunk takes longer. */
  public GovernorSettings withInterval(Duration other) {
    return new GovernorSettings(
        other,
        leastShare,
        firstShare,
        mostShare,
        reaction,
        lookAgain,
        longestHold,
        leastSize,
        mostSize);
  }

  /** The same with other bounds of a chunk's size. */
  public GovernorSettings withSizes(long least, long most) {
    return new GovernorSettings(
        interval, leastShare, firstShare, mostShare, reaction, lookAgain, longestHold, least, most);
  }
}
