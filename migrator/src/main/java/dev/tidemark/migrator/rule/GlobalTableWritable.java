package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import java.util.Set;
import java.util.stream.Stream;

/** What all organizations share is written by those who work for all. */
final class GlobalTableWritable extends TableRule {
  private static final Set<String> WRITES = Set.of("INSERT", "UPDATE", "DELETE", "TRUNCATE");

  GlobalTableWritable() {
    super("isolation.shared-table-writable");
  }

  @Override
  Stream<Finding> findings(Table table) {
    return table.grants().stream()
        .filter(grant -> !Conventions.isTenantTable(table) && WRITES.contains(grant.privilege()))
        .filter(grant -> !Conventions.ACROSS_TENANTS.contains(grant.grantee()))
        .map(
            grant ->
                finding(
                    table.name(),
                    "%s may %s rows that all organizations share"
                        .formatted(grant.grantee(), grant.privilege()),
                    "REVOKE %s ON %s FROM %s"
                        .formatted(grant.privilege(), table.name(), grant.grantee())));
  }
}
