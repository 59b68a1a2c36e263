package dev.tidemark.pipeline.reconciliation;

import java.util.List;
import java.util.Map;

/**
 * What a reconciliation found.
 *
 * @param checks by comparison, how many windows and requests were compared
 * @param mismatches how many windows disagree
 * @param examples the first disagreeing numbers, at most a hundred
 */
public record ReconciliationReport(
    Map<Comparison, Check> checks, long mismatches, List<Mismatch> examples) {
  /**
   * How much was compared.
   *
   * @param windows hours or days
   * @param requests requests on the left side
   * @param mismatches windows that disagree
   */
  public record Check(long windows, long requests, long mismatches) {}
}
