package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import java.util.stream.Stream;

/** An index that was not finished costs every write and serves nobody. */
final class IndexValid extends TableRule {
  IndexValid() {
    super("index.valid");
  }

  @Override
  Stream<Finding> findings(Table table) {
    return Stream.concat(
            table.indexes().stream().filter(index -> !index.valid()).map(Table.Index::name),
            table.partitions().stream().flatMap(p -> p.invalidIndexes().stream()))
        .map(
            name ->
                finding(
                    table.name(),
                    "The index %s is not valid".formatted(name),
                    "drop it and make it again; of a partitioned table, attach every partition's"));
  }
}
