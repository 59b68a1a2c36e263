/** What the migrator costs, beside the same statements executed plainly. */
package dev.tidemark.benchmarks.migrate;
