/**
 * What a database's schema is, as values: read from {@code pg_catalog} in a few queries, the same
 * for the same schema wherever and by whomever it is read.
 */
package dev.tidemark.migrator.catalogue;
