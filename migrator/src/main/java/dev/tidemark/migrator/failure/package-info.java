/**
 * What a user can cause, told as problem, cause and remedy, and the exit code that goes with it.
 */
package dev.tidemark.migrator.failure;
