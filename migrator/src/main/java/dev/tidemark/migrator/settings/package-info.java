/**
 * The configuration: HOCON over the documented defaults, every key known, every error with its
 * place.
 */
package dev.tidemark.migrator.settings;
