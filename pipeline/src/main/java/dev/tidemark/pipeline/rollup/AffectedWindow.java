package dev.tidemark.pipeline.rollup;

import java.time.Duration;
import java.time.Instant;

/**
 * An hour whose landed events changed since the rollup last looked.
 *
 * @param hourStart start of the hour, UTC
 * @param arrivals events that arrived in it (or left it)
 * @param lateness the longest time between an event and its arrival
 */
public record AffectedWindow(Instant hourStart, long arrivals, Duration lateness) {}
