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
    // The first columns may stand for all, and what Postgres would cut off is shortened by hand.
    String shortest = wanted.length() > LONGEST_NAME ? prefix : wanted;
    boolean begins = wanted.startsWith(index.name() + "_") && index.name().startsWith(prefix);
    if (begins || index.name().startsWith(shortest)) {
      return Stream.empty();
    }
    return Stream.of(
        finding(
            table.name(),
            "The index %s is not named by its table and columns".formatted(index.name()),
            "name it " + (shortest.endsWith("_") ? shortest + "<what it is about>" : shortest)));
  }
}
