/** {@code tidemark bench}: what Tidemark costs, measured; each benchmark has a package. */
package dev.tidemark.benchmarks;
