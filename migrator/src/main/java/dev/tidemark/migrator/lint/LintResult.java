package dev.tidemark.migrator.lint;

import java.util.List;
import java.util.Set;

/**
 * What lint has to say about one script.
 *
 * @param file the script
 * @param findings that stand, in the order of the statements
 * @param suppressed those that the script gives a reason for
 * @param rewritten the tables from before it that it writes anew
 */
public record LintResult(
    String file, List<Finding> findings, List<Suppressed> suppressed, Set<String> rewritten) {
  /**
   * A finding that the script gives a reason for.
   *
   * @param finding what was found
   * @param reason why it does no harm here
   */
  public record Suppressed(Finding finding, String reason) {}

  /** Findings of level error. */
  public List<Finding> errors() {
    return findings.stream().filter(finding -> finding.level() == Level.ERROR).toList();
  }
}
