package dev.tidemark.migrator.health;

import java.util.List;
import java.util.Optional;

/**
 * Whether a schema is what its change sets make.
 *
 * @param unknown why nobody can tell; empty if it was compared
 * @param differences every difference in a sentence; empty if there is none, or nobody can tell
 */
public record DriftReport(Optional<String> unknown, List<String> differences) {
  static DriftReport unknown(String reason) {
    return new DriftReport(Optional.of(reason), List.of());
  }

  static DriftReport of(List<String> differences) {
    return new DriftReport(Optional.empty(), List.copyOf(differences));
  }
}
