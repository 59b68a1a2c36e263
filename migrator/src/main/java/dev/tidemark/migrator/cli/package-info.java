/** The command line of the migrator: parse, call one façade, show its typed result. */
package dev.tidemark.migrator.cli;
