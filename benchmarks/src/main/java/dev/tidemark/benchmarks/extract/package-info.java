/** Extraction from Postgres and landing, beside Spark's JDBC source and a bare COPY. */
package dev.tidemark.benchmarks.extract;
