package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Catalogue;
import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.Constraint;
import java.util.stream.Stream;

/** A row points to rows of its own organization only: the organization is part of the key. */
final class ReferenceAcrossTenants extends Rule {
  ReferenceAcrossTenants() {
    super("isolation.reference-across-tenants");
  }

  @Override
  Stream<Finding> findings(Catalogue catalogue) {
    return catalogue.tables().stream()
        .filter(table -> table.column(Conventions.TENANT_COLUMN).isPresent())
        .flatMap(
            table ->
                table.constraints(Constraint.Kind.FOREIGN_KEY).stream()
                    .filter(key -> crosses(catalogue, key))
                    .map(key -> finding(table, key)));
  }

  private static boolean crosses(Catalogue catalogue, Constraint key) {
    return !key.columns().contains(Conventions.TENANT_COLUMN)
        && catalogue
            .table(key.reference().orElseThrow().table())
            .flatMap(target -> target.column(Conventions.TENANT_COLUMN))
            // What may belong to nobody, such as a built-in role, is everybody's.
            .filter(column -> !column.nullable())
            .isPresent();
  }

  private Finding finding(Table table, Constraint key) {
    return finding(
        table.name(),
        key.columns().get(0),
        "The foreign key %s may point into another organization".formatted(key.name()),
        "FOREIGN KEY (organization_id, %s) REFERENCES %s (organization_id, id)"
            .formatted(String.join(", ", key.columns()), key.reference().orElseThrow().table()));
  }
}
