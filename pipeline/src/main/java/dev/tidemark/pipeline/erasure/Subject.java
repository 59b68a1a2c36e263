package dev.tidemark.pipeline.erasure;

import java.util.Objects;
import java.util.Optional;

/**
 * Whose data are erased.
 *
 * @param organization as events name it
 * @param user of that organization, as events name it; empty for the whole organization
 */
public record Subject(String organization, Optional<String> user) {
  /** Both must be there. */
  public Subject {
    Objects.requireNonNull(organization);
    Objects.requireNonNull(user);
  }
}
