package dev.tidemark.benchmarks.contest;

/**
 * What one run cost.
 *
 * @param wallSeconds what a person waits
 * @param cpuSeconds of processor, all threads together
 * @param peakBytes the most memory it held, see {@link Memory}
 */
public record Cost(double wallSeconds, double cpuSeconds, long peakBytes) {}
