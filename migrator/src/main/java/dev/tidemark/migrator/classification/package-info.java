/** How sensitive each column is, how long it is kept and on what legal ground: read from a file. */
package dev.tidemark.migrator.classification;
