package dev.tidemark.pipeline.publication;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeTable;
import java.util.Locale;

/** How long a window of {@code usage_summaries} is, and the rollup that it is a copy of. */
public enum Grain {
  HOUR("usage_hourly", "usage_date", "hour_start"),
  DAY("usage_daily", "usage_month", "timestamp_seconds(unix_date(usage_date) * 86400L)"),
  MONTH("usage_daily", "usage_month", "timestamp_seconds(unix_date(usage_month) * 86400L)");

  private final String rollup;
  private final String partition;
  private final String window;

  Grain(String rollup, String partition, String window) {
    this.rollup = rollup;
    this.partition = partition;
    this.window = window;
  }

  /** The value of {@code usage_grain} in Postgres, and the name in configuration and results. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  LakeTable rollup(Lake lake) {
    return lake.table(rollup);
  }

  /** The partition column of the rollup, a DATE. */
  String partition() {
    return partition;
  }

  /** Start of a row's window, as SQL over the rollup. */
  String window() {
    return window;
  }

  /** The column of the rollup that says which window a row is of, as far as dates go. */
  String date() {
    return this == MONTH ? "usage_month" : "usage_date";
  }
}
