package dev.tidemark.pipeline.rollup;

import java.time.Duration;
import java.time.Instant;

/**
 * An hour to recompute: its landed events changed since the rollup last looked, or it was computed
 * with another definition.
 *
 * @param hourStart start of the hour, UTC
 * @param arrivals events that arrived in it (or left it)
 * @param lateness the longest time between an event and its arrival
 * @param redefined whether it was computed with another definition of the rollup
 */
public record AffectedWindow(
    Instant hourStart, long arrivals, Duration lateness, boolean redefined) {
  /** Both reasons to recompute the same hour. */
  public AffectedWindow plus(AffectedWindow other) {
    return new AffectedWindow(
        hourStart,
        arrivals + other.arrivals,
        lateness.compareTo(other.lateness) < 0 ? other.lateness : lateness,
        redefined || other.redefined);
  }
}
