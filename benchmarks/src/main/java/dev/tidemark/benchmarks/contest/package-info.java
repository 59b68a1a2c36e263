/** Contestants that take turns, and what each run of theirs cost. */
package dev.tidemark.benchmarks.contest;
