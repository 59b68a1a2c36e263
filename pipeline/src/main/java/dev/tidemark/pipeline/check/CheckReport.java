package dev.tidemark.pipeline.check;

import dev.tidemark.pipeline.quality.Verdict;
import dev.tidemark.pipeline.window.TimeRange;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

/**
 * What a check found.
 *
 * @param hours the hours that were judged
 * @param verdicts all of them
 * @param held every hour that is held, in the range or not, with the rules that hold it; without
 *     those that have been released since and wait for a rollup
 * @param released hours that the next rollup publishes
 */
public record CheckReport(
    TimeRange hours,
    List<Verdict> verdicts,
    SortedMap<Instant, List<String>> held,
    List<Instant> released) {
  /** Copies the lists. */
  public CheckReport {
    verdicts = List.copyOf(verdicts);
    released = List.copyOf(released);
  }

  /** Whether no hour is held and no rule of severity stop is broken. */
  public boolean passes() {
    return held.isEmpty() && verdicts.stream().noneMatch(Verdict::stops);
  }
}
