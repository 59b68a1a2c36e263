/**
 * The database that commands work on: a server of the user's own, or the laptop's Postgres, which
 * is started for the commands that need it and stopped after the last of them.
 */
package dev.tidemark.migrator.postgres;
