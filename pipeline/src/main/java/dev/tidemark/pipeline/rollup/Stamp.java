package dev.tidemark.pipeline.rollup;

import java.time.Instant;

/**
 * What a run leaves on what it writes.
 *
 * @param runId the run
 * @param at when it began to roll up
 * @param definition what the numbers mean
 */
record Stamp(String runId, Instant at, RollupDefinition definition) {}
