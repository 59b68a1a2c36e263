/** A throw-away database on which change sets show what they make. */
package dev.tidemark.migrator.shadow;
