/**
 * The operational schema at the size that the specification names: what services ask of it all day,
 * by several clients at once.
 */
package dev.tidemark.benchmarks.operational;
