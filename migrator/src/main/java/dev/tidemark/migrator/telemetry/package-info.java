/**
 * OpenTelemetry as the standard {@code OTEL_*} variables have it. Knows nothing of what is
 * measured, so that every module can use it.
 */
package dev.tidemark.migrator.telemetry;
