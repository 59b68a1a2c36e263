/**
 * What stands before an operation on a schema: the hour, the load, the room on the disk, and
 * whether the old shape is still used.
 */
package dev.tidemark.migrator.guard;
