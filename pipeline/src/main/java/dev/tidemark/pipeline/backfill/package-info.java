/**
 * Replays history, some days at a time, under the governor that keeps its source healthy. What is
 * done with the days is the ordinary path, which the caller gives.
 */
package dev.tidemark.pipeline.backfill;
