package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.Column;
import java.util.Optional;

/** A column that is named like a reference is one. */
final class ReferenceEnforced extends ColumnRule {
  ReferenceEnforced() {
    super("relation.enforced");
  }

  @Override
  Optional<Fault> fault(Table table, Column column) {
    boolean named = column.name().endsWith("_id") && column.type().equals("uuid");
    boolean enforced =
        table.constraints(Table.Constraint.Kind.FOREIGN_KEY).stream()
            .anyMatch(key -> key.columns().contains(column.name()));
    if (!named || enforced) {
      return Optional.empty();
    }
    return Optional.of(
        new Fault(
            "Nothing sees to it that the row exists which the column names",
            "add a foreign key, or an exception that says why there is none"));
  }
}
