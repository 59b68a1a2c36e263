package dev.tidemark.pipeline.observation;

import java.time.Instant;
import java.util.Optional;

/**
 * A run that has begun.
 *
 * @param runId its identity; a run within another has the same
 * @param command such as {@code rollup}
 * @param source stable name of the source
 * @param startedAt by the clock of this machine
 * @param within command of the run that this one is a part of; empty for none
 */
public record RunStart(
    String runId, String command, String source, Instant startedAt, Optional<String> within) {}
