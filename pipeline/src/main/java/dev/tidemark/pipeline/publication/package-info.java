/**
 * Publishes the rollups to Postgres: the table {@code usage_summaries}, which any client or
 * dashboard can read, kept equal to the lake by differences.
 */
package dev.tidemark.pipeline.publication;
