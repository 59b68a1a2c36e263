/** What a backfill does to those who live by the same server, and how fast it is meanwhile. */
package dev.tidemark.benchmarks.backfill;
