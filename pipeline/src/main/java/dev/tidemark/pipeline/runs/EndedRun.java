package dev.tidemark.pipeline.runs;

import java.time.Instant;
import java.util.Optional;

/**
 * A run that has ended, as {@code job_runs} has it.
 *
 * @param runId its identity
 * @param command such as {@code rollup}
 * @param source its source
 * @param startedAt when it began
 * @param endedAt when it ended
 * @param outcome {@code done}, {@code mismatch} or {@code failed}
 * @param failureCode why it failed; empty where it did not
 * @param dataAsOf everything that its source held at this time is in the rollups; empty where it
 *     does not prove it
 */
public record EndedRun(
    String runId,
    String command,
    String source,
    Instant startedAt,
    Instant endedAt,
    String outcome,
    Optional<String> failureCode,
    Optional<Instant> dataAsOf) {
  /** Whether it did its work, whatever it found. */
  public boolean succeeded() {
    return !outcome.equals("failed");
  }
}
