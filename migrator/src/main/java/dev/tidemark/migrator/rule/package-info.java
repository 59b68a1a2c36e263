/** Rules of design that every schema made here keeps, each with a stable id, and the exceptions. */
package dev.tidemark.migrator.rule;
