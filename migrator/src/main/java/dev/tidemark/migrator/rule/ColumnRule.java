package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.Column;
import java.util.Optional;
import java.util.stream.Stream;

/** A rule about each column of each table. */
abstract class ColumnRule extends TableRule {
  /**
   * What is wrong with a column.
   *
   * @param message what is wrong, without the column's name
   */
  record Fault(String message, String remedy) {}

  ColumnRule(String id) {
    super(id);
  }

  @Override
  final Stream<Finding> findings(Table table) {
    return table.columns().stream()
        .flatMap(
            column ->
                fault(table, column).stream()
                    .map(
                        fault ->
                            finding(table.name(), column.name(), fault.message(), fault.remedy())));
  }

  abstract Optional<Fault> fault(Table table, Column column);
}
