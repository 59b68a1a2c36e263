/** Rounds of torture for the pipeline, as many as one likes. */
package dev.tidemark.benchmarks.torture;
