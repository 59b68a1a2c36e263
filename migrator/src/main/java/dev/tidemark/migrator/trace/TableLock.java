package dev.tidemark.migrator.trace;

/**
 * A lock on a table, view or index.
 *
 * @param relation Postgres's identifier
 * @param mode how strong it is
 */
public record TableLock(long relation, LockMode mode) {}
