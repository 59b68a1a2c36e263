package dev.tidemark.pipeline.reconciliation;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/**
 * What a reconciliation found.
 *
 * @param checks by comparison, how many windows and requests were compared
 * @param mismatches how many windows disagree
 * @param examples the first disagreeing numbers, at most a hundred
 * @param differing all windows that disagree, by comparison; days for hours against days
 * @param phantoms landed events that the source has lost (EX-23); empty where that cannot be told:
 *     several sources feed the lake, or the source is a folder of files, which may be taken away
 * @param repeatedIds landed events whose id was landed with several times (EX-8)
 * @param held hours that are held back, which are not compared with their events
 */
public record ReconciliationReport(
    Map<Comparison, Check> checks,
    long mismatches,
    List<Mismatch> examples,
    Map<Comparison, SortedSet<Instant>> differing,
    Optional<Finding> phantoms,
    Finding repeatedIds,
    List<HeldHour> held) {
  /**
   * How much was compared.
   *
   * @param windows hours or days
   * @param requests requests on the left side
   * @param mismatches windows that disagree
   */
  public record Check(long windows, long requests, long mismatches) {}

  /** Whether all sides agree and the source has all that was landed. */
  public boolean agrees() {
    return mismatches == 0 && phantoms.map(Finding::count).orElse(0L) == 0;
  }
}
