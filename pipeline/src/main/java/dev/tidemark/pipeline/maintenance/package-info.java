/** Keeps the lake's tables small and quick to read, beside running rollups. */
package dev.tidemark.pipeline.maintenance;
