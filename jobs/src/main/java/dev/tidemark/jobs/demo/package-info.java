/**
 * {@code tidemark demo}: the whole story on one machine, from an empty home to reconciled rollups.
 */
package dev.tidemark.jobs.demo;
