package dev.tidemark.pipeline.rollup;

import java.util.List;

/**
 * What a rollup did.
 *
 * @param landedVersion version of {@code usage_events} that both rollups now equal
 * @param windows hours that were recomputed, in order
 * @param dates days that were recomputed
 * @param hourly rows of {@code usage_hourly} that changed
 * @param daily rows of {@code usage_daily} that changed
 */
public record RollupReport(
    long landedVersion,
    List<AffectedWindow> windows,
    int dates,
    RowCounts hourly,
    RowCounts daily) {
  /** Rows inserted, updated and deleted by the merges. */
  public record RowCounts(long inserted, long updated, long deleted) {}
}
