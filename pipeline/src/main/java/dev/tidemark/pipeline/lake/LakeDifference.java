package dev.tidemark.pipeline.lake;

import java.util.Optional;

/**
 * Something about a table that is not as it should be, or that a change set changes.
 *
 * @param table its plain name
 * @param subject what differs, such as {@code column user_id}
 * @param expected how it should be, or was before; empty for not at all
 * @param actual how it is, or will be; empty for not at all
 */
public record LakeDifference(
    String table, String subject, Optional<String> expected, Optional<String> actual) {
  /** The subject of a table that is there on one side only. */
  static final String TABLE = "table";

  /** Subjects that are a column's type begin so. */
  static final String COLUMN = "column ";

  /** Whether a table is gone. */
  boolean isLostTable() {
    return subject.equals(TABLE) && actual.isEmpty();
  }

  /** The column that is gone; empty if none is. */
  Optional<String> lostColumn() {
    return subject.startsWith(COLUMN) && actual.isEmpty()
        ? Optional.of(subject.substring(COLUMN.length()))
        : Optional.empty();
  }
}
