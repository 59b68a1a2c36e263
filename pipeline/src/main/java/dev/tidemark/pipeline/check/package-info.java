/** Evaluates quality rules on demand, and releases hours that they hold. */
package dev.tidemark.pipeline.check;
