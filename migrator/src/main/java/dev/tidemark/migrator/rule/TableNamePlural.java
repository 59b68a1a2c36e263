package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import java.util.stream.Stream;

/** A table is named by what its rows are, in the plural. */
final class TableNamePlural extends TableRule {
  TableNamePlural() {
    super("naming.table-plural");
  }

  @Override
  Stream<Finding> findings(Table table) {
    if (table.name().name().matches(".*(?<![su])s")) {
      return Stream.empty();
    }
    return Stream.of(
        finding(
            table.name(),
            "The table's name is not a plural",
            "name it by what its rows are: api_keys, not api_key"));
  }
}
