package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.RowSecurity;
import java.util.stream.Stream;

/** Policies hold for the table that is named in the query: partitions need their own. */
final class PartitionOpen extends TableRule {
  PartitionOpen() {
    super("isolation.partition-open");
  }

  @Override
  Stream<Finding> findings(Table table) {
    return table.partitions().stream()
        .filter(
            partition ->
                Conventions.isTenantTable(table)
                    && partition.granted()
                    && partition.rowSecurity() != RowSecurity.FORCED)
        .map(
            partition ->
                finding(
                    table.name(),
                    "The partition %s was granted to others and has no row-level security"
                        .formatted(partition.name()),
                    "SELECT isolate_tenants('%s'), or revoke the grants"
                        .formatted(partition.name())));
  }
}
