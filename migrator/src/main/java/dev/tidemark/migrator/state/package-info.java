/**
 * What the migrator remembers in the database itself, in schema {@code tidemark}: operations, the
 * journal of their statements, and the flags of change sets that wait for a person.
 */
package dev.tidemark.migrator.state;
