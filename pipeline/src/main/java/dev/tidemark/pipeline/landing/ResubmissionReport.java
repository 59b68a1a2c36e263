package dev.tidemark.pipeline.landing;

/**
 * What became of refused records that were submitted again.
 *
 * @param submitted refused records that were asked for
 * @param found those that the source still holds
 * @param landing what landing them came to
 * @param accepted records that are no longer in quarantine: their events are landed
 * @param refusedOtherwise records that another rule refuses now, under which they are listed
 */
public record ResubmissionReport(
    long submitted, long found, LandingReport landing, long accepted, long refusedOtherwise) {
  /** Records that are refused by the same rule as before. */
  public long refusedAgain() {
    return found - accepted - refusedOtherwise;
  }
}
