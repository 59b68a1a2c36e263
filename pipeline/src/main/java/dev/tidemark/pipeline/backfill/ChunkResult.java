package dev.tidemark.pipeline.backfill;

/**
 * What came of some days.
 *
 * @param read events that the source held
 * @param landed those that the lake lacked
 * @param duplicates those that it had
 * @param quarantined those that were refused
 * @param hours windows that were recomputed
 * @param rowsChanged rows of both rollups that this changed
 */
public record ChunkResult(
    long read, long landed, long duplicates, long quarantined, long hours, long rowsChanged) {
  /** Nothing. */
  public static final ChunkResult NONE = new ChunkResult(0, 0, 0, 0, 0, 0);

  /** Both together. */
  public ChunkResult plus(ChunkResult other) {
    return new ChunkResult(
        read + other.read,
        landed + other.landed,
        duplicates + other.duplicates,
        quarantined + other.quarantined,
        hours + other.hours,
        rowsChanged + other.rowsChanged);
  }
}
