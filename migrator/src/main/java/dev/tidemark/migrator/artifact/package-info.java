/**
 * What an operation leaves behind outside of the database: the schema, the plan and the journal.
 */
package dev.tidemark.migrator.artifact;
