package dev.tidemark.pipeline.observation;

import java.time.Instant;
import java.util.Optional;

/**
 * A run that has ended.
 *
 * @param start how it began
 * @param endedAt by the clock of this machine
 * @param outcome {@code done}, {@code mismatch} or {@code failed}
 * @param failure why it failed; empty where it did not
 * @param dataAsOf everything that the source held at this time is in the rollups; empty where the
 *     run does not prove it
 * @param totals what its work came to
 */
public record RunEnd(
    RunStart start,
    Instant endedAt,
    String outcome,
    Optional<Throwable> failure,
    Optional<Instant> dataAsOf,
    Totals totals) {}
