/**
 * Latency histograms with logarithmic buckets whose quantiles are within 1 % of the exact ones:
 * plain counts, so that merging is addition and equal content is equal bytes.
 */
package dev.tidemark.pipeline.histogram;
