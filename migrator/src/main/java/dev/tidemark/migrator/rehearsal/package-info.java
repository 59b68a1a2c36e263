/**
 * Tries change sets out on a throw-away database before they meet the real one: lint tells what is
 * dangerous in them, a dry run what each statement would lock, read and write, and for how long.
 */
package dev.tidemark.migrator.rehearsal;
