package dev.tidemark.benchmarks.contest;

/**
 * What was to be reached, and whether it was.
 *
 * @param what in words
 * @param measured with its unit
 * @param bound in words, with its unit
 */
public record Goal(String what, String measured, String bound, boolean met) {}
