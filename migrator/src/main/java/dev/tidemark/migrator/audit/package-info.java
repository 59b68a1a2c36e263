/**
 * What the migrator did and was asked to do, as a keyed chain of hashes in the database whose head
 * is kept outside of it. Not to be confused with the tenants' {@code audit_log_entries}, which is
 * part of the schema that change sets make.
 */
package dev.tidemark.migrator.audit;
