/** Everything that a user of the pipeline can cause, each failure born in one factory. */
package dev.tidemark.pipeline.failure;
