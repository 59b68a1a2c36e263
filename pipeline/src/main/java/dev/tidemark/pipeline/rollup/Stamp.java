package dev.tidemark.pipeline.rollup;

import java.time.Instant;
import java.util.Optional;

/**
 * What a run leaves on what it writes.
 *
 * @param runId the run
 * @param at when it began to roll up
 * @param definition what the numbers mean
 * @param waitingSince when the first commit was made that it rolls up; empty where nobody knows
 */
record Stamp(
    String runId, Instant at, RollupDefinition definition, Optional<Instant> waitingSince) {
  Stamp(String runId, Instant at, RollupDefinition definition) {
    this(runId, at, definition, Optional.empty());
  }

  Stamp waitingSince(Optional<Instant> since) {
    return new Stamp(runId, at, definition, since);
  }
}
