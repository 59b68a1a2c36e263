/** The record of runs, which operators read. */
package dev.tidemark.pipeline.runs;
