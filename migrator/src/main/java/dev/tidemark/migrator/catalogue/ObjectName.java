package dev.tidemark.migrator.catalogue;

/**
 * The name of a table, view, function or type.
 *
 * @param schema the schema that it lives in
 * @param name its name there; of a function with the types of its arguments in parentheses
 */
public record ObjectName(String schema, String name) {
  private static final String USUAL_SCHEMA = "public";

  /** A name in the schema {@code public}. */
  public static ObjectName of(String name) {
    return new ObjectName(USUAL_SCHEMA, name);
  }

  /** As people write it: without its schema where that is {@code public}. */
  @Override
  public String toString() {
    return schema.equals(USUAL_SCHEMA) ? name : schema + "." + name;
  }
}
