package dev.tidemark.migrator.trace;

/**
 * What was done to the rows of a table.
 *
 * @param scans times that it was read from end to end
 * @param read rows read by these scans
 * @param inserted rows inserted
 * @param updated rows updated
 * @param deleted rows deleted
 */
public record Activity(long scans, long read, long inserted, long updated, long deleted) {
  /** Nothing. */
  public static final Activity NONE = new Activity(0, 0, 0, 0, 0);

  Activity since(Activity earlier) {
    return new Activity(
        scans - earlier.scans,
        read - earlier.read,
        inserted - earlier.inserted,
        updated - earlier.updated,
        deleted - earlier.deleted);
  }

  /** Rows that were there before and were changed or deleted. */
  public long touched() {
    return updated + deleted;
  }
}
