package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.Index;
import java.util.stream.Stream;

/** An index is named by what it does, its table and its columns. */
final class IndexName extends TableRule {
  private static final int LONGEST_NAME = 63;

  IndexName() {
    super("naming.index");
  }

  @Override
  Stream<Finding> findings(Table table) {
    return table.indexes().stream()
        .filter(index -> !index.ofConstraint())
        .flatMap(index -> findings(table, index));
  }

  private Stream<Finding> findings(Table table, Index index) {
    boolean plain = index.keys().stream().allMatch(key -> table.column(key).isPresent());
    String prefix = (index.unique() ? "uq_" : "idx_") + table.name().name() + "_";
    String wanted = plain ? prefix + String.join("_", index.keys()) : prefix;
    String shortest = wanted.substring(0, Math.min(wanted.length(), LONGEST_NAME));
    if (index.name().startsWith(shortest)) {
      return Stream.empty();
    }
    return Stream.of(
        finding(
            table.name(),
            "The index %s is not named by its table and columns".formatted(index.name()),
            "name it %s%s".formatted(shortest, plain ? "" : "<what it is about>")));
  }
}
