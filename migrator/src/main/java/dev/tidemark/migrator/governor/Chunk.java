package dev.tidemark.migrator.governor;

import java.time.Duration;

/**
 * A chunk of work that was done.
 *
 * @param size how much it was, in the job's own unit, such as rows; at least 1
 * @param duration how long the source was at work for it, pauses and lock waits not counted
 */
public record Chunk(long size, Duration duration) {
  /** Refuses an empty chunk, which tells nothing about the speed. */
  public Chunk {
    if (size < 1 || duration.isNegative()) {
      throw new IllegalArgumentException(size + " in " + duration);
    }
  }
}
