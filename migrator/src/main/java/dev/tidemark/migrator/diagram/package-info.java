/** Draws tables and what points where. Knows no database. */
package dev.tidemark.migrator.diagram;
