/** A year of events, a month after the other: generated, landed, rolled up, let go. */
package dev.tidemark.benchmarks.year;
