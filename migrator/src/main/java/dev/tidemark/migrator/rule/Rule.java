package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Catalogue;
import dev.tidemark.migrator.catalogue.ObjectName;
import java.util.Optional;
import java.util.stream.Stream;

/** One thing that holds for every schema made here; found broken, it is told with a remedy. */
abstract class Rule {
  private final String id;

  /**
   * @param id stable: group and name in kebab-case, joined by a dot
   */
  Rule(String id) {
    this.id = id;
  }

  final String id() {
    return id;
  }

  abstract Stream<Finding> findings(Catalogue catalogue);

  final Finding finding(ObjectName object, String message, String remedy) {
    return new Finding(id, object.toString(), Optional.empty(), message, remedy);
  }

  final Finding finding(ObjectName object, String column, String message, String remedy) {
    return new Finding(id, object.toString(), Optional.of(column), message, remedy);
  }
}
