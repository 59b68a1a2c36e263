/**
 * The folder format of a change set, for Postgres and for the lake alike: what a folder holds, how
 * its scripts fall into statements, and what in them counts as a change.
 */
package dev.tidemark.migrator.changeset;
