package dev.tidemark.migrator.changeset;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * When a contract change set may take the old shape away.
 *
 * @param of version of the change set that made the new shape
 * @param after how long that has to be in place; empty for what is configured
 * @param unusedFor how long the old shape has to be unused; empty for as long as {@code after}
 * @param evidence what shows that it is; at least one
 */
public record ContractTerms(
    String of, Optional<Duration> after, Optional<Duration> unusedFor, List<Evidence> evidence) {

  /** What shows that the old shape is not used any more. */
  public sealed interface Evidence {}

  /** A value in the database says so: a feature flag, a count. */
  public record Answer(Check check) implements Evidence {}

  /**
   * The server's counters of a relation have stood still.
   *
   * @param kind of the relation
   * @param name its name as SQL has it
   */
  public record Unused(Kind kind, String name) implements Evidence {
    /** A relation that the server counts the use of. */
    public enum Kind {
      TABLE,
      INDEX
    }
  }
}
