package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.Column;
import dev.tidemark.migrator.catalogue.Table.Constraint;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A row is known by {@code id}, a random UUID; in a lookup table by {@code code}; in a table that
 * joins others by their keys. The key of a partition comes behind.
 */
final class PrimaryKey extends TableRule {
  PrimaryKey() {
    super("columns.primary-key");
  }

  @Override
  Stream<Finding> findings(Table table) {
    List<String> key = table.primaryKey().map(Constraint::columns).orElse(List.of());
    if (key.isEmpty()) {
      return found(table, "The table has no primary key");
    }
    if (Conventions.isLookupTable(table) || joins(table, key)) {
      return Stream.empty();
    }
    boolean wide = key.size() > 1 && table.partitionKey().isEmpty();
    Column first = table.column(key.get(0)).orElseThrow();
    boolean random = first.defaultValue().equals(Optional.of("gen_random_uuid()"));
    if (!wide && first.name().equals("id") && first.type().equals("uuid") && random) {
      return Stream.empty();
    }
    return found(table, "The primary key is (%s)".formatted(String.join(", ", key)));
  }

  private static boolean joins(Table table, List<String> key) {
    List<String> pointing =
        table.constraints(Constraint.Kind.FOREIGN_KEY).stream()
            .flatMap(constraint -> constraint.columns().stream())
            .toList();
    return key.size() > 1 && pointing.containsAll(key);
  }

  private Stream<Finding> found(Table table, String message) {
    return Stream.of(
        finding(
            table.name(),
            message,
            "make it id uuid NOT NULL DEFAULT gen_random_uuid(), or code in a lookup table"));
  }
}
