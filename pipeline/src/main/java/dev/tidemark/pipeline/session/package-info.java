/**
 * The Spark session that everything runs in, with what exactness needs and what a small run cannot
 * afford to miss, and the names under which the lake's tables are known to SQL.
 */
package dev.tidemark.pipeline.session;
