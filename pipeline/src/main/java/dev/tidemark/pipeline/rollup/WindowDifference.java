package dev.tidemark.pipeline.rollup;

import java.time.Instant;

/**
 * A figure of a recomputed window that is not in the rollup as it was read.
 *
 * @param table the rollup
 * @param windowStart start of the hour or day, UTC
 * @param measure name of the figure
 * @param expected what the input adds up to; 0 where it has no such window
 * @param actual what the rollup holds; 0 where it has no such window
 */
public record WindowDifference(
    String table, Instant windowStart, String measure, long expected, long actual) {}
