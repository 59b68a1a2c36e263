/**
 * Usage events from 1 million to 1 billion, made from their numbers: the same for ever, in any
 * order, by any number of threads, with their true totals.
 */
package dev.tidemark.benchmarks.generator;
