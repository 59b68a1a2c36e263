/** What machines are told about runs: spans and metrics, and lines of the log. */
package dev.tidemark.pipeline.telemetry;
