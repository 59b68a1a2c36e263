/** The main job beside DuckDB and plain Spark: from events to hours with their latencies. */
package dev.tidemark.benchmarks.rollup;
