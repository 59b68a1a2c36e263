package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import java.util.stream.Stream;

/** A row of an unforeseen time is not refused: a default partition takes it. */
final class PartitionDefault extends TableRule {
  PartitionDefault() {
    super("partition.default");
  }

  @Override
  Stream<Finding> findings(Table table) {
    boolean any = table.partitions().stream().anyMatch(p -> p.bound().equals("DEFAULT"));
    if (table.partitionKey().isEmpty() || any) {
      return Stream.empty();
    }
    return Stream.of(
        finding(
            table.name(),
            "No partition takes rows of an unforeseen time",
            "CREATE TABLE … PARTITION OF %s DEFAULT".formatted(table.name())));
  }
}
