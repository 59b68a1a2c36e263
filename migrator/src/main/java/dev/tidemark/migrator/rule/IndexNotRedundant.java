package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.Index;
import java.util.stream.Stream;

/** An index whose columns another one begins with costs every write and saves no read. */
final class IndexNotRedundant extends TableRule {
  IndexNotRedundant() {
    super("index.redundant");
  }

  @Override
  Stream<Finding> findings(Table table) {
    return table.indexes().stream()
        .filter(index -> index.method().equals("btree") && !index.unique())
        .flatMap(
            index ->
                table.indexes().stream()
                    .filter(other -> covers(other, index))
                    .limit(1)
                    .map(
                        other ->
                            finding(
                                table.name(),
                                "The index %s is the beginning of %s"
                                    .formatted(index.name(), other.name()),
                                "drop it")));
  }

  private static boolean covers(Index other, Index index) {
    boolean longer =
        other.keys().size() > index.keys().size()
            || other.unique() && other.keys().size() == index.keys().size()
            || other.keys().size() == index.keys().size()
                && other.name().compareTo(index.name()) < 0;
    return longer
        && other.valid()
        && other.method().equals(index.method())
        && other.predicate().equals(index.predicate())
        && !index.definition().contains(" INCLUDE ")
        && other.keys().subList(0, index.keys().size()).equals(index.keys());
  }
}
