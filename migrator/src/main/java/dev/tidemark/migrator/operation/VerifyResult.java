package dev.tidemark.migrator.operation;

import java.util.List;
import java.util.Optional;

/**
 * What the verify.sql of the applied change sets gave.
 *
 * @param checks one for each statement, in order
 */
public record VerifyResult(List<Check> checks) {
  /**
   * One statement of a verify.sql.
   *
   * @param version the change set's version
   * @param description its description
   * @param line the line that the statement begins on
   * @param found empty if it gave one row with one true boolean; else what it gave, in words
   * @param overtakenBy the version of a later contract change set that touches the same tables, and
   *     so may have taken away what this one made; only for what does not hold
   */
  public record Check(
      String version,
      String description,
      int line,
      Optional<String> found,
      Optional<String> overtakenBy) {
    /** Whether it does not hold although it should. */
    public boolean isMismatch() {
      return found.isPresent() && overtakenBy.isEmpty();
    }
  }

  /** What does not hold although it should. */
  public List<Check> mismatches() {
    return checks.stream().filter(Check::isMismatch).toList();
  }
}
