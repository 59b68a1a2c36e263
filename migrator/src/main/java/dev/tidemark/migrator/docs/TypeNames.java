package dev.tidemark.migrator.docs;

/** Types as people write them. */
final class TypeNames {
  private TypeNames() {}

  /** The usual short name: {@code timestamptz}, {@code varchar(255)}. */
  static String brief(String type) {
    return type.replace("timestamp with time zone", "timestamptz")
        .replace("timestamp without time zone", "timestamp")
        .replace("character varying", "varchar")
        .replaceFirst("^character\\b", "char")
        .replace("double precision", "double");
  }
}
