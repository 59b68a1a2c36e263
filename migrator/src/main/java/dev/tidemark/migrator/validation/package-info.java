/**
 * Judges a live database: whether it is what its change sets make, and whether that is well made.
 */
package dev.tidemark.migrator.validation;
