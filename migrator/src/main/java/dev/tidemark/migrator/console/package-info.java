/**
 * What every command line shares: the global options, where results and messages go, and how
 * failures become exit codes.
 */
package dev.tidemark.migrator.console;
