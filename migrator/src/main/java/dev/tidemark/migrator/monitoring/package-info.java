/** What machines are told about operations: spans and metrics, and lines of the log. */
package dev.tidemark.migrator.monitoring;
