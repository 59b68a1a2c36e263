/** The Delta tables of a lake: their places, their logs, and the change sets that make them. */
package dev.tidemark.pipeline.lake;
