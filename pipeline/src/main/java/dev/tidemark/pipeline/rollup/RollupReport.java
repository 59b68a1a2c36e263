package dev.tidemark.pipeline.rollup;

import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.quality.Judgement;
import dev.tidemark.pipeline.quality.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

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
 * @param failed quality rules that recomputed hours broke; an hour that broke one of severity stop
 *     is held
 */
public record RollupReport(
    long landedVersion,
    List<AffectedWindow> windows,
    int dates,
    RowCounts hourly,
    RowCounts daily,
    List<WindowDifference> differences,
    List<Verdict> failed) {
  /** The hours that this run held, with the rules that hold each. */
  public SortedMap<Instant, List<String>> held() {
    return new Judgement(failed).held();
  }

  /**
   * Makes sure that no hour was held.
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException (refused) if one was
   */
  public void requireNothingHeld() {
    SortedMap<Instant, List<String>> held = held();
    if (!held.isEmpty()) {
      throw PipelineFailures.windowsHeld(
          held.size(), held.firstKey(), String.join(", ", held.get(held.firstKey())));
    }
  }

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
