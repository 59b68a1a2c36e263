/**
 * {@code job status}, {@code job quarantine} and {@code job lake}: the lake as operators see it.
 */
package dev.tidemark.jobs.lake;
