/** What analysts read from the rollups: rates, money and quantiles, as SQL functions and views. */
package dev.tidemark.pipeline.metrics;
