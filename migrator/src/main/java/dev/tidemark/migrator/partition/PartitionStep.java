package dev.tidemark.migrator.partition;

/**
 * One thing that was done or left.
 *
 * @param table the partitioned table
 * @param partition the partition, by the name that it had before
 * @param action what was done
 * @param rows how many rows moved or were left; 0 where none were counted
 * @param reason why it was done or left; empty if that goes without saying
 */
public record PartitionStep(
    String table, String partition, Action action, long rows, String reason) {

  /** What can be done. */
  public enum Action {
    /** Made, and filled with the rows of its time out of the default partition. */
    CREATED,
    /** Made a table of its own. */
    DETACHED,
    /** Gone with its rows. */
    DROPPED,
    /** Old, but somebody still needs it. */
    KEPT,
    /** Rows that stay in the default partition. */
    LEFT,
    /** To be done, but other sessions did not let go of their locks. */
    BUSY
  }
}
