/** Proof that source, landed events, hours and days agree with each other. */
package dev.tidemark.pipeline.reconciliation;
