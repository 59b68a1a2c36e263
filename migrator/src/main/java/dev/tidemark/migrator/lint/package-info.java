/**
 * Judges what a script did on a throw-away database: rules grouped by hazard, findings with the
 * safe way to write it, and reasons for exceptions that stand in the script itself.
 */
package dev.tidemark.migrator.lint;
