/** Documents of a schema, generated from the catalogue that its change sets make. */
package dev.tidemark.migrator.docs;
