/**
 * Partition care: makes partitions ahead, moves rows out of default partitions, and retires what is
 * older than its retention unless somebody still needs it.
 */
package dev.tidemark.migrator.partition;
