package dev.tidemark.migrator.audit;

import java.nio.file.Path;
import java.util.List;

/**
 * What was found in the chain.
 *
 * @param entries how many there are
 * @param head the file that holds the chain's head outside of the database
 * @param headNumber the youngest entry that the head knows; 0 if there is no head
 * @param findings what speaks against the chain, in the order of the entries
 */
public record AuditVerdict(int entries, Path head, long headNumber, List<Finding> findings) {
  /**
   * Something that speaks against the chain.
   *
   * @param entry the number of the entry that it is about
   * @param what in words
   * @param accepted whether a person has taken it for granted since, in an entry of its own
   */
  public record Finding(long entry, String what, boolean accepted) {}

  /** Whether nothing speaks against it, or nothing that nobody took for granted. */
  public boolean intact() {
    return findings.stream().allMatch(Finding::accepted);
  }
}
