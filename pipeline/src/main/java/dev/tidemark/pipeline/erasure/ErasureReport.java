package dev.tidemark.pipeline.erasure;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * What was erased.
 *
 * @param runId the run
 * @param through events up to this time were erased, and are not landed again
 * @param events landed events
 * @param frozenHours rows of the hourly rollup of dates whose events were gone
 * @param quarantined refused events
 * @param horizon the first date that is not frozen; empty for none
 */
public record ErasureReport(
    String runId,
    Instant through,
    long events,
    long frozenHours,
    long quarantined,
    Optional<LocalDate> horizon) {
  /** All rows that went. */
  public long rows() {
    return events + frozenHours + quarantined;
  }
}
