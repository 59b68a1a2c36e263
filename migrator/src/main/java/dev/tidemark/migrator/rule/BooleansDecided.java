package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.Column;
import java.util.Optional;

/** Yes or no, and one of them unless told. */
final class BooleansDecided extends ColumnRule {
  BooleansDecided() {
    super("types.boolean-decided");
  }

  @Override
  Optional<Fault> fault(Table table, Column column) {
    boolean decided = !column.nullable() && column.defaultValue().isPresent();
    if (!column.type().equals("boolean") || decided) {
      return Optional.empty();
    }
    return Optional.of(
        new Fault("The boolean can be neither true nor false", "make it NOT NULL with a DEFAULT"));
  }
}
