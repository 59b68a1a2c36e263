/** Tells machines and people how a database and its schema are, once or over HTTP. */
package dev.tidemark.migrator.health;
