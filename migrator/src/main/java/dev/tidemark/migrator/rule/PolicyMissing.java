package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.RowSecurity;
import java.util.stream.Stream;

/** Rows of an organization are seen by that organization only, whoever owns the table. */
final class PolicyMissing extends TableRule {
  PolicyMissing() {
    super("isolation.no-policy");
  }

  @Override
  Stream<Finding> findings(Table table) {
    if (!Conventions.isTenantTable(table)) {
      return Stream.empty();
    }
    if (table.rowSecurity() == RowSecurity.OFF) {
      return found(table, "Row-level security is off");
    }
    if (table.rowSecurity() == RowSecurity.ENABLED) {
      return found(table, "Row-level security is not forced: the table's owner sees every tenant");
    }
    return table.policies().isEmpty() ? found(table, "There is no policy") : Stream.empty();
  }

  private Stream<Finding> found(Table table, String message) {
    return Stream.of(
        finding(table.name(), message, "SELECT isolate_tenants('%s')".formatted(table.name())));
  }
}
