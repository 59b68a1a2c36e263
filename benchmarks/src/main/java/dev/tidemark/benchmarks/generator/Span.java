package dev.tidemark.benchmarks.generator;

import java.time.Instant;

/**
 * The time in which events happen: from the start of 2025, UTC.
 *
 * @param days how many
 */
public record Span(int days) {
  /** 30 days. */
  public static final Span MONTH = new Span(30);

  /** 12 months. */
  public static final Span YEAR = new Span(365);

  private static final Instant START = Instant.parse("2025-01-01T00:00:00Z");
  private static final long SECONDS_A_DAY = 86_400;

  /** The first moment. */
  public Instant start() {
    return START;
  }

  /** The first moment after it. */
  public Instant end() {
    return START.plusSeconds(days * SECONDS_A_DAY);
  }
}
