/**
 * Data steps: changes of many rows in small batches by key range, each committed together with its
 * progress, resumable exactly, at a pace that the governor decides.
 */
package dev.tidemark.migrator.datastep;
