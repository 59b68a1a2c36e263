package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.Column;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A number without its unit is half of a number. */
final class CommentUnit extends ColumnRule {
  private static final Map<String, String> UNITS = new LinkedHashMap<>();

  static {
    UNITS.put("\\w+_ms", "millisecond");
    UNITS.put("\\w+_seconds", "second");
    UNITS.put("\\w+_days", "day");
    UNITS.put("\\w+_bytes", "byte");
    UNITS.put("\\w*tokens", "token");
    UNITS.put("\\w*usd", "us dollar");
    UNITS.put("\\w+_percent", "percent");
  }

  CommentUnit() {
    super("comment.unit");
  }

  @Override
  Optional<Fault> fault(Table table, Column column) {
    String comment =
        column.comment().orElse("").toLowerCase(Locale.ROOT).replace("per cent", "percent");
    return unit(column)
        .filter(unit -> !comment.isEmpty() && !comment.contains(unit))
        .map(
            unit ->
                new Fault("The comment does not name the unit", "say what is counted: …, " + unit));
  }

  private static Optional<String> unit(Column column) {
    if (column.type().equals("timestamp with time zone")) {
      return Optional.of("instant");
    }
    boolean number = column.type().matches("(smallint|integer|bigint|numeric|double precision).*");
    return UNITS.entrySet().stream()
        .filter(entry -> number && column.name().matches(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }
}
