/** Whether a figure is unusual among figures of its own past: arithmetic only. */
package dev.tidemark.pipeline.anomaly;
