package dev.tidemark.pipeline.backfill;

import dev.tidemark.pipeline.window.TimeRange;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a backfill would do.
 *
 * @param range whole days
 * @param daysDone how many of them an earlier run has done
 * @param chunks what is left, in the order of work and as it is cut at first: the governor makes
 *     chunks bigger or smaller
 * @param governed whether there is a governor
 * @param firstHistory whether nothing has been landed from the source
 * @param earlier the run with which an unfinished backfill began; empty for none
 */
public record BackfillPlan(
    TimeRange range,
    int daysDone,
    List<Chunk> chunks,
    boolean governed,
    boolean firstHistory,
    Optional<String> earlier) {
  /**
   * Some neighbouring days.
   *
   * @param events about how many there are; empty where that is not known without reading
   */
  public record Chunk(TimeRange days, OptionalLong events) {}
}
