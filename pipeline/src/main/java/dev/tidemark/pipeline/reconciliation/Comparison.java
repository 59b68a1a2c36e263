package dev.tidemark.pipeline.reconciliation;

import java.util.Locale;

/** Two sides that must agree, window by window. */
public enum Comparison {
  /** What the source holds, and the same events as landed; by hour. */
  SOURCE_LANDED,
  /** Landed events and the hourly rollup; by hour. */
  LANDED_HOURLY,
  /** The hourly and the daily rollup; by day. */
  HOURLY_DAILY,
  /** The hourly rollup and its copy in Postgres; by hour. */
  HOURLY_SUMMARIES,
  /** The daily rollup and its copy in Postgres; by day. */
  DAILY_SUMMARIES,
  /** The daily rollup and its months in Postgres; by month. */
  MONTHLY_SUMMARIES;

  /** The name in results, such as {@code landed-hourly}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
