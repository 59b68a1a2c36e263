package dev.tidemark.pipeline.reconciliation;

import java.time.Instant;

/**
 * A number on which the two sides of a comparison disagree.
 *
 * @param comparison the two sides
 * @param windowStart start of the hour or day, UTC
 * @param measure name of the number
 * @param expected the left side's number; null where it has no such window
 * @param actual the right side's number; null where it has no such window
 */
public record Mismatch(
    Comparison comparison, Instant windowStart, String measure, Long expected, Long actual) {}
