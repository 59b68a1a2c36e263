/**
 * OpenLineage: which job read which data sets and wrote which, told run by run. Events are our own,
 * as what listens to Spark's plans is wrong about MERGE.
 */
package dev.tidemark.pipeline.lineage;
