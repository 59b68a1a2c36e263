/** {@code bench kernel}: the pure arithmetic of the rollup alone, under JMH. */
package dev.tidemark.benchmarks.kernel;
