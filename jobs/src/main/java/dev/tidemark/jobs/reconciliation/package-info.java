/** {@code job reconcile}: proves that source, landed events, hours and days agree. */
package dev.tidemark.jobs.reconciliation;
