package dev.tidemark.pipeline.session;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * What a piece of work took of the cores.
 *
 * @param provisioned cores that there are; empty where that is not known
 * @param allowed cores that the session may use; empty where nothing limits it
 * @param peak most tasks that ran at once, each of which occupies a core; those of an executor that
 *     was lost count until Spark has given them up
 * @param busy the time that tasks ran, added up
 * @param elapsed the time from its beginning to its end
 */
public record CapacityUsage(
    OptionalInt provisioned, OptionalInt allowed, int peak, Duration busy, Duration elapsed) {
  /** Cores that were occupied by tasks, on average. */
  public double mean() {
    return elapsed.isZero() ? 0 : (double) busy.toNanos() / elapsed.toNanos();
  }

  /** The part of the provisioned cores that was occupied on average; 0 where they are not known. */
  public double share() {
    return provisioned.isPresent() ? mean() / provisioned.getAsInt() : 0;
  }
}
