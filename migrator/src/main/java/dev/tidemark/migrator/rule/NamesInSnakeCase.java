package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Catalogue;
import dev.tidemark.migrator.catalogue.ObjectName;
import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.UserType;
import dev.tidemark.migrator.catalogue.View;
import java.util.stream.Stream;

/** Names need no quotes: small letters, digits and underscores. */
final class NamesInSnakeCase extends Rule {
  private static final String SNAKE_CASE = "[a-z][a-z0-9]*(_[a-z0-9]+)*";
  private static final String REMEDY = "use small letters, digits and single underscores";

  NamesInSnakeCase() {
    super("naming.snake-case");
  }

  @Override
  Stream<Finding> findings(Catalogue catalogue) {
    Stream<ObjectName> objects =
        Stream.of(
                catalogue.tables().stream().map(Table::name),
                catalogue.views().stream().map(View::name),
                catalogue.types().stream().map(UserType::name))
            .flatMap(names -> names);
    return Stream.of(
            objects.flatMap(name -> object(name, name.name())),
            catalogue.routines().stream()
                .flatMap(routine -> object(routine.name(), routine.simpleName())),
            catalogue.tables().stream().flatMap(this::columns))
        .flatMap(findings -> findings);
  }

  private Stream<Finding> object(ObjectName object, String name) {
    return name.matches(SNAKE_CASE)
        ? Stream.empty()
        : Stream.of(finding(object, "The name is not in snake_case", REMEDY));
  }

  private Stream<Finding> columns(Table table) {
    return table.columns().stream()
        .filter(column -> !column.name().matches(SNAKE_CASE))
        .map(
            column ->
                finding(
                    table.name(), column.name(), "The column's name is not in snake_case", REMEDY));
  }
}
