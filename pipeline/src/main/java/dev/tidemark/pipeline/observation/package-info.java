/**
 * What is seen of a run while it works: its pieces of work with their figures, and those who hear
 * of them. Knows neither Spark nor OpenTelemetry.
 */
package dev.tidemark.pipeline.observation;
