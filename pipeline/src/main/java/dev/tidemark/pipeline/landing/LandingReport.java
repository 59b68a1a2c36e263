package dev.tidemark.pipeline.landing;

/**
 * What a landing did.
 *
 * @param read rows that the source handed over
 * @param landed events that are new in the lake
 * @param duplicates good rows whose event had been landed already, or stood twice in the batch
 * @param quarantined rows refused by a rule and not refused before
 * @param version version of {@code usage_events} afterwards
 */
public record LandingReport(
    long read, long landed, long duplicates, long quarantined, long version) {
  static LandingReport nothing(long version) {
    return new LandingReport(0, 0, 0, 0, version);
  }
}
