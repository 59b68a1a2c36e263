package dev.tidemark.migrator.validation;

import dev.tidemark.migrator.drift.Difference;
import dev.tidemark.migrator.rule.Finding;
import java.util.List;
import java.util.Optional;

/**
 * What is wrong with a database.
 *
 * @param version the youngest applied version, which the database was compared with; empty if no
 *     change set is applied
 * @param pending how many change sets are not applied yet
 * @param sameServerVersion whether definitions of views were compared, which versions of Postgres
 *     print differently
 * @param differences what is not as the change sets make it
 * @param findings rules of design that the schema breaks
 */
public record ValidationResult(
    Optional<String> version,
    long pending,
    boolean sameServerVersion,
    List<Difference> differences,
    List<Finding> findings) {

  /** Whether nothing is wrong. */
  public boolean valid() {
    return differences.isEmpty() && findings.isEmpty();
  }
}
