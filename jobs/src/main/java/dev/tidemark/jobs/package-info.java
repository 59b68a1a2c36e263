/** The spark-submit entry point: one command for each job, nothing but parsing and printing. */
package dev.tidemark.jobs;
