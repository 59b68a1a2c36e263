/** What the pipeline's tests share: a Spark session, lakes, sources made of lists, the oracle. */
package dev.tidemark.pipeline.testing;
