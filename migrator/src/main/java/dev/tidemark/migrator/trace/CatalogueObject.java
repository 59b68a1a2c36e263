package dev.tidemark.migrator.trace;

import java.util.Map;
import java.util.Optional;

/**
 * One object of a schema at one moment. Postgres's own identifier stays the same when an object is
 * renamed, so that a renamed object is known from one that was dropped and made again.
 *
 * @param identity kind and identifier
 * @param parent identifier of the table that a column, constraint, index, trigger or policy belongs
 *     to, or of the type of an enum's value; 0 for others
 * @param name as SQL has it, quoted where it must be and without the schema {@code public}
 * @param attributes by the names that {@code snapshot.sql} gives them
 */
public record CatalogueObject(
    Identity identity, long parent, String name, Map<String, String> attributes) {
  /**
   * What tells an object from all others.
   *
   * @param kind what it is
   * @param id Postgres's identifier; for a column that of its table
   * @param part number of a column, 0 for others
   */
  public record Identity(Kind kind, long id, int part) {}

  /** What it is. */
  public Kind kind() {
    return identity.kind();
  }

  /** Postgres's identifier. */
  public long id() {
    return identity.id();
  }

  /** An attribute, if the object has it. */
  public Optional<String> attribute(String attribute) {
    return Optional.ofNullable(attributes.get(attribute));
  }

  /** An attribute, or an empty text. */
  public String text(String attribute) {
    return attributes.getOrDefault(attribute, "");
  }

  /** Whether an attribute is true. */
  public boolean is(String attribute) {
    return "true".equals(attributes.get(attribute));
  }

  /** A number, or 0. */
  public long number(String attribute) {
    return Long.parseLong(attributes.getOrDefault(attribute, "0"));
  }
}
