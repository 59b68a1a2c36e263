package dev.tidemark.migrator.operation;

import java.util.Optional;

/**
 * How far forward to go.
 *
 * @param to the last version to apply; empty for all
 */
public record ApplyOptions(Optional<String> to) {
  /** All that is pending. */
  public static ApplyOptions all() {
    return new ApplyOptions(Optional.empty());
  }

  /** Up to this version and with it. */
  public static ApplyOptions to(String version) {
    return new ApplyOptions(Optional.of(version));
  }
}
