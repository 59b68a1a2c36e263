/**
 * Operations on a database's schema: apply change sets, roll them back, tell where it stands.
 * Flyway owns order and history; the statements are executed here.
 */
package dev.tidemark.migrator.operation;
