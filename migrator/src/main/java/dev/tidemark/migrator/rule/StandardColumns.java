package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What every row tells about itself: when it was made; and if it can change, when it last did, when
 * it was deleted and its version.
 */
final class StandardColumns extends TableRule {
  private static final Column CREATED_AT =
      column("created_at", "timestamp with time zone", "now()");
  private static final List<Column> OF_CHANGE =
      List.of(
          column("updated_at", "timestamp with time zone", "now()"),
          new Column(
              "deleted_at", "timestamp with time zone", true, Optional.empty(), Optional.empty()),
          column("version", "integer", "1"));
  private static final List<Column> OF_LOOKUP =
      List.of(
          new Column("label", "character varying(255)", false, Optional.empty(), Optional.empty()),
          column("sort_order", "integer", null),
          column("is_active", "boolean", "true"));

  StandardColumns() {
    super("columns.standard");
  }

  @Override
  Stream<Finding> findings(Table table) {
    List<Column> wanted = new ArrayList<>();
    if (Conventions.isLookupTable(table)) {
      wanted.addAll(OF_LOOKUP);
    } else {
      wanted.add(CREATED_AT);
      if (!Conventions.isAppendOnly(table)) {
        wanted.addAll(OF_CHANGE);
      }
    }
    return wanted.stream().flatMap(column -> findings(table, column));
  }

  private Stream<Finding> findings(Table table, Column wanted) {
    Optional<Column> found = table.column(wanted.name());
    if (found.filter(column -> fits(column, wanted)).isPresent()) {
      return Stream.empty();
    }
    return Stream.of(
        finding(
            table.name(),
            wanted.name(),
            found.isEmpty()
                ? "The standard column %s is missing".formatted(wanted.name())
                : "The standard column %s is not of its usual form".formatted(wanted.name()),
            "make it %s %s%s%s; a table whose rows never change has a trigger that refuses it"
                .formatted(
                    wanted.name(),
                    wanted.type(),
                    wanted.nullable() ? "" : " NOT NULL",
                    wanted.defaultValue().map(value -> " DEFAULT " + value).orElse(""))));
  }

  private static boolean fits(Column column, Column wanted) {
    return column.type().equals(wanted.type())
        && column.nullable() == wanted.nullable()
        && (wanted.defaultValue().isEmpty() || column.defaultValue().equals(wanted.defaultValue()));
  }

  private static Column column(String name, String type, String defaultValue) {
    return new Column(name, type, false, Optional.ofNullable(defaultValue), Optional.empty());
  }
}
