/**
 * Torture: random schedules of what sources, schedulers, storage and machines do to the pipeline,
 * each from a seed, and a judgement of the tables by DuckDB at the end.
 */
package dev.tidemark.pipeline.torture;
