/** What a live database has that its change sets do not make, and the other way round. */
package dev.tidemark.migrator.drift;
