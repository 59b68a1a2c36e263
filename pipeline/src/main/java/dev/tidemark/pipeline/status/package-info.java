/** What operators read about windows, as SQL views. */
package dev.tidemark.pipeline.status;
