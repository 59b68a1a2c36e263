package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.Constraint;
import dev.tidemark.migrator.catalogue.Table.Reference;
import java.util.stream.Stream;

/**
 * A column that points to a row is named by the table that it points to, after the column there.
 */
final class ForeignKeyColumnName extends TableRule {
  ForeignKeyColumnName() {
    super("naming.foreign-key-column");
  }

  @Override
  Stream<Finding> findings(Table table) {
    return table.constraints(Constraint.Kind.FOREIGN_KEY).stream()
        .flatMap(key -> findings(table, key, key.reference().orElseThrow()));
  }

  private Stream<Finding> findings(Table table, Constraint key, Reference reference) {
    String column = key.columns().get(key.columns().size() - 1);
    String target = reference.columns().get(reference.columns().size() - 1);
    // The last word of the table is enough: a workflow_version_id may be a version_id.
    String words = reference.table().name().replaceFirst(".*_", "");
    boolean itself = reference.table().equals(table.name());
    if (column.endsWith(Conventions.singular(words) + "_" + target)
        || column.endsWith(words.replaceFirst("es$", "is") + "_" + target)
        || itself && column.endsWith("_" + target)) {
      return Stream.empty();
    }
    String wanted = Conventions.singular(reference.table().name()) + "_" + target;
    return Stream.of(
        finding(
            table.name(),
            column,
            "The column points to %s.%s, and its name does not say so"
                .formatted(reference.table(), target),
            "name it %s, or put a role before it: approved_by_%s".formatted(wanted, wanted)));
  }
}
