/** {@code job backfill}: replays history beside live traffic. */
package dev.tidemark.jobs.backfill;
