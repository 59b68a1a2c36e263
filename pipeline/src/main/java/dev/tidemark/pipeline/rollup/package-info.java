/**
 * Hours from events and days from hours: affected windows are recomputed whole, differences merged.
 */
package dev.tidemark.pipeline.rollup;
