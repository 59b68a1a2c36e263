/** The spark-submit entry point. */
package dev.tidemark.jobs;
