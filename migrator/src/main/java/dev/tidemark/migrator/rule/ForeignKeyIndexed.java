package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.Constraint;
import dev.tidemark.migrator.catalogue.Table.Index;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Who deletes the row pointed to must find the rows that point to it without reading all. */
final class ForeignKeyIndexed extends TableRule {
  ForeignKeyIndexed() {
    super("index.foreign-key");
  }

  @Override
  Stream<Finding> findings(Table table) {
    return table.constraints(Constraint.Kind.FOREIGN_KEY).stream()
        .filter(key -> table.indexes().stream().noneMatch(index -> serves(index, key.columns())))
        .map(
            key ->
                finding(
                    table.name(),
                    key.columns().get(key.columns().size() - 1),
                    "No index leads with the columns of the foreign key " + key.name(),
                    "CREATE INDEX idx_%s_%s ON %s (%s)"
                        .formatted(
                            table.name().name(),
                            String.join("_", key.columns()),
                            table.name(),
                            String.join(", ", key.columns()))));
  }

  private static boolean serves(Index index, List<String> columns) {
    List<String> leading = index.keys().subList(0, Math.min(columns.size(), index.keys().size()));
    String first = index.keys().get(0);
    boolean leads =
        new HashSet<>(leading).equals(new HashSet<>(columns))
            || columns.contains(first) && !first.equals(Conventions.TENANT_COLUMN);
    return leads && index.valid() && holdsAll(index.predicate(), columns);
  }

  /** Rows that point nowhere may be left out of the index; deleted ones still point. */
  private static boolean holdsAll(Optional<String> predicate, List<String> columns) {
    return predicate.isEmpty()
        || columns.stream().anyMatch(c -> predicate.get().equals("(%s IS NOT NULL)".formatted(c)));
  }
}
