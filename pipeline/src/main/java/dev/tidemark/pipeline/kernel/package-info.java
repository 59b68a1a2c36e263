/**
 * The aggregation of events into groups of window × series over primitive arrays: plain Java that
 * an engine feeds, with no object per event and the dimensions' bytes touched once a series.
 */
package dev.tidemark.pipeline.kernel;
