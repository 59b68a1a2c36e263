/**
 * Development data: a few organizations that everything can be tried with, and any number of them
 * for load tests. Always the same, however often and from wherever it is begun again.
 */
package dev.tidemark.migrator.seed;
