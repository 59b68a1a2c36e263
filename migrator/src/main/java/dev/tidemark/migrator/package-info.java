/** Versioned, reversible, audited change sets for Postgres. */
package dev.tidemark.migrator;
