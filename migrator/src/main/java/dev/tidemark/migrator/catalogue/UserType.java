package dev.tidemark.migrator.catalogue;

import java.util.List;
import java.util.Optional;

/**
 * A type that change sets made.
 *
 * @param kind what it is
 * @param parts labels of an enumeration in their order; base type, bounds and default of a domain;
 *     attributes of a composite type; subtype of a range
 * @param comment empty if there is none
 */
public record UserType(
    ObjectName name,
    Kind kind,
    List<String> parts,
    Optional<String> comment,
    List<Catalogue.Grant> grants) {

  /** What kind of type. */
  public enum Kind {
    ENUM,
    DOMAIN,
    COMPOSITE,
    RANGE
  }
}
