package dev.tidemark.migrator.schema;

/** What Postgres says when a declared rule refuses a row. */
final class Refusals {
  private Refusals() {}

  static String check(String table, String constraint) {
    return "new row for relation \"%s\" violates check constraint \"%s\""
        .formatted(table, constraint);
  }

  static String unique(String constraint) {
    return "duplicate key value violates unique constraint \"%s\"".formatted(constraint);
  }

  static String foreignKey(String table, String constraint) {
    return "insert or update on table \"%s\" violates foreign key constraint \"%s\""
        .formatted(table, constraint);
  }

  static String stillReferenced(String table, String constraint, String from) {
    return "update or delete on table \"%s\" violates foreign key constraint \"%s\" on table \"%s\""
        .formatted(table, constraint, from);
  }

  static String kept(String table, String column) {
    return "%s: %s stays as it was set".formatted(table, column);
  }

  static String appendOnly(String table, String operation, String row) {
    return "%s is append-only: %s of row %s is refused".formatted(table, operation, row);
  }
}
