package dev.tidemark.pipeline.rollup;

import dev.tidemark.pipeline.failure.PipelineFailures;
import java.util.List;

/**
 * What a rollup did.
 *
 * @param landedVersion version of {@code usage_events} that both rollups now equal
 * @param windows hours that were recomputed, in order
 * @param dates days that were recomputed
 * @param hourly rows of {@code usage_hourly} that changed
 * @param daily rows of {@code usage_daily} that changed
 * @param differences where recomputed windows, read again after the merge, are not what their input
 *     adds up to
 */
public record RollupReport(
    long landedVersion,
    List<AffectedWindow> windows,
    int dates,
    RowCounts hourly,
    RowCounts daily,
    List<WindowDifference> differences) {
  /**
   * Makes sure that the recomputed windows hold what their input adds up to.
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException (mismatch) if one does not
   */
  public void requireNoDifferences() {
    if (!differences.isEmpty()) {
      WindowDifference first = differences.get(0);
      throw PipelineFailures.windowsDiffer(
          differences.size(),
          first.table(),
          first.windowStart(),
          first.measure(),
          first.expected(),
          first.actual());
    }
  }

  /** Rows inserted, updated and deleted by the merges. */
  public record RowCounts(long inserted, long updated, long deleted) {
    /** All of them. */
    public long all() {
      return inserted + updated + deleted;
    }
  }
}
