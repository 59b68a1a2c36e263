package dev.tidemark.pipeline.backfill;

import dev.tidemark.pipeline.window.TimeRange;
import java.time.Duration;
import java.util.Optional;

/**
 * What a backfill did.
 *
 * @param runId marks its commits
 * @param range whole days
 * @param days how many of them this run did; earlier runs did the others
 * @param chunks in how many pieces
 * @param result what came of them
 * @param elapsed how long this run took
 * @param notice what somebody should know; empty for nothing
 */
public record BackfillReport(
    String runId,
    TimeRange range,
    int days,
    int chunks,
    ChunkResult result,
    Duration elapsed,
    Optional<String> notice) {
  /** The same with something that somebody should know. */
  public BackfillReport with(Optional<String> other) {
    return new BackfillReport(runId, range, days, chunks, result, elapsed, other);
  }
}
