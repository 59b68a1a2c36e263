/** Commit-safe incremental extraction of usage events from Postgres (EX-1 to EX-5). */
package dev.tidemark.pipeline.source.postgres;
