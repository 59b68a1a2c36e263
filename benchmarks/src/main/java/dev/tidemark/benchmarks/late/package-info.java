/** What it costs to reprocess a few late hours, in a small table and in a large one. */
package dev.tidemark.benchmarks.late;
