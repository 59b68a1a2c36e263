package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.Column;
import dev.tidemark.migrator.catalogue.Table.Constraint;
import java.util.Optional;

/** A text that organizations write has a greatest length, or somebody's mistake fills the disk. */
final class TextBounded extends ColumnRule {
  TextBounded() {
    super("types.text-bounded");
  }

  @Override
  Optional<Fault> fault(Table table, Column column) {
    boolean open = column.type().equals("text") || column.type().equals("character varying");
    if (!Conventions.isTenantTable(table)
        || !open
        || table.constraints(Constraint.Kind.CHECK).stream().anyMatch(c -> bounds(c, column))) {
      return Optional.empty();
    }
    return Optional.of(
        new Fault("The text has no greatest length", "use varchar(n), or CHECK its length"));
  }

  /** A greatest length, a list of values, or a pattern of counted characters. */
  private static boolean bounds(Constraint check, Column column) {
    return check.columns().contains(column.name())
        && check.definition().matches("(?s).*(length\\(|= ANY \\(|\\{[0-9]*,?[0-9]+\\}).*");
  }
}
