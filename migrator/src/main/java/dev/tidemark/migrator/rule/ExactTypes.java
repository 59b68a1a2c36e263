package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.Column;
import java.util.Map;
import java.util.Optional;

/** Types that have a better one beside them. */
final class ExactTypes extends ColumnRule {
  private static final Map<String, String> BETTER =
      Map.of(
          "json", "jsonb",
          "money", "numeric(19,4)",
          "real", "numeric with a precision, or double precision where rounding does no harm",
          "character", "varchar(n); blanks at the end of character(n) come and go",
          "xml", "jsonb",
          "oid", "uuid");

  ExactTypes() {
    super("types.better-one");
  }

  @Override
  Optional<Fault> fault(Table table, Column column) {
    // char(3) is what currencies and countries are written in.
    String better =
        column.type().matches("character\\([23]\\)") ? null : BETTER.get(base(column.type()));
    return Optional.ofNullable(better)
        .map(type -> new Fault("The type is " + column.type(), "use " + type));
  }

  private static String base(String type) {
    return type.startsWith("character varying") ? "" : type.replaceFirst("[(\\[].*", "");
  }
}
