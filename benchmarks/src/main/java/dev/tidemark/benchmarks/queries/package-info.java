/**
 * The queries that the documents name, over 12 months of rollups, beside DuckDB on the same files.
 */
package dev.tidemark.benchmarks.queries;
