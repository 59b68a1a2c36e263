package dev.tidemark.migrator.operation;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where a schema stands.
 *
 * @param entries every change set that the program or the database knows, by version
 * @param version the youngest applied version; empty if there is none
 * @param operator the session that is changing the schema right now, in words
 */
public record StatusResult(
    List<Entry> entries, Optional<String> version, Optional<String> operator) {

  /**
   * One change set.
   *
   * @param version its version
   * @param description its description
   * @param state where it stands
   * @param appliedAt when it was applied; empty if it is not
   * @param appliedBy the role that applied it
   * @param milliseconds how long that took
   */
  public record Entry(
      String version,
      String description,
      State state,
      Optional<Instant> appliedAt,
      Optional<String> appliedBy,
      Optional<Long> milliseconds) {}

  /** Where a change set stands. */
  public enum State {
    /** Done. */
    APPLIED,
    /** To be applied. */
    PENDING,
    /** Stopped part-way; to be rolled back before anything else. */
    FAILED,
    /** Applied, but its statements were edited afterwards. */
    EDITED,
    /** Applied, but this program does not know it: the schema is newer than the program. */
    UNKNOWN,
    /** Not applied although younger ones are. */
    LATE
  }
}
