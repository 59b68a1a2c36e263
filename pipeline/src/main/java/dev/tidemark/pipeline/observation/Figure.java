package dev.tidemark.pipeline.observation;

import java.util.Locale;

/**
 * A number that a piece of work comes to. Each is told at one level only, so that adding up never
 * counts twice: rows, bytes and files by whoever commits them.
 */
public enum Figure {
  /** Rows that the source handed over. */
  ROWS_READ,
  /** Good rows whose event had been landed before, or stood twice in the batch. */
  ROWS_DUPLICATE,
  /** Rows that a commit inserted. */
  ROWS_INSERTED,
  /** Rows that a commit updated. */
  ROWS_UPDATED,
  /** Rows that a commit deleted. */
  ROWS_DELETED,
  /** Rows that a commit wrote again as they were, since they stood in a file with others. */
  ROWS_COPIED,
  /** Hours or days that were recomputed. */
  WINDOWS,
  /** Requests in the recomputed windows. */
  REQUESTS,
  /** Bytes of files that a commit added. */
  BYTES_WRITTEN,
  /** Files that a commit added. */
  FILES_ADDED,
  /** Files that a commit took out. */
  FILES_REMOVED,
  /**
   * How long the input that came first had waited for this work; milliseconds. For a batch since
   * the event arrived in the source, for a unit since the commit was made that it rolls up.
   */
  LAG_MS,
  /** Attempts at which another writer was faster. */
  CONFLICTS,
  /** Attempts beyond the first. */
  RETRIES;

  /** Its name in log lines, such as {@code rows_read}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
