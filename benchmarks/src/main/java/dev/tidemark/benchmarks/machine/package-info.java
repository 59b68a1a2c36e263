/** The machine that a benchmark runs on: what to say about it, and whether it is big enough. */
package dev.tidemark.benchmarks.machine;
