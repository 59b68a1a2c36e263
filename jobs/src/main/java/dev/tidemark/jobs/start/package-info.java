/** What makes a small run start quickly. */
package dev.tidemark.jobs.start;
