/**
 * What a script really does: it runs statement by statement on a throw-away database, and after
 * each statement locks, scans, rewrites, rows and the catalogue are read. Nothing is guessed from
 * the text of the SQL.
 */
package dev.tidemark.migrator.trace;
