package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.Constraint;
import java.util.stream.Stream;

/** Deleting is soft, then erasure: nothing vanishes because something else did. */
final class DeletionRestricted extends TableRule {
  DeletionRestricted() {
    super("relation.restrict");
  }

  @Override
  Stream<Finding> findings(Table table) {
    return table.constraints(Constraint.Kind.FOREIGN_KEY).stream()
        .filter(key -> !key.reference().orElseThrow().restricts())
        .map(
            key ->
                finding(
                    table.name(),
                    key.columns().get(key.columns().size() - 1),
                    "The foreign key %s deletes or changes rows by itself".formatted(key.name()),
                    "use ON DELETE RESTRICT and no ON UPDATE"));
  }
}
