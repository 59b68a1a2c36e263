/** Usage events from csv, json and parquet files: each file taken once, whatever happens. */
package dev.tidemark.pipeline.source.files;
