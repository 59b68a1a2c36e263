/**
 * Keeps a bulk job from harming the database that it reads or changes: a pure control law that
 * decides how big the next chunk is and how long to pause before it, and the signals of a Postgres
 * server's health that it listens to. Knows nothing of what a chunk is.
 */
package dev.tidemark.migrator.governor;
