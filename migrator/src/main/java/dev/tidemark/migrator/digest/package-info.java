/** Fingerprints of texts and bytes. */
package dev.tidemark.migrator.digest;
