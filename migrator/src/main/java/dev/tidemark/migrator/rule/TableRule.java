package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Catalogue;
import dev.tidemark.migrator.catalogue.Table;
import java.util.stream.Stream;

/** A rule about each table by itself. */
abstract class TableRule extends Rule {
  TableRule(String id) {
    super(id);
  }

  @Override
  final Stream<Finding> findings(Catalogue catalogue) {
    return catalogue.tables().stream().flatMap(this::findings);
  }

  abstract Stream<Finding> findings(Table table);
}
