package dev.tidemark.migrator.lint;

import static dev.tidemark.migrator.lint.Hazard.DESTRUCTIVE;
import static dev.tidemark.migrator.lint.Level.ERROR;
import static dev.tidemark.migrator.lint.Level.WARNING;

import dev.tidemark.migrator.trace.CatalogueObject;
import dev.tidemark.migrator.trace.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Data and guarantees that are gone afterwards. */
final class DestructiveRules {
  private static final Map<String, String> CONSTRAINTS =
      Map.of(
          "p",
          "primary key",
          "u",
          "unique constraint",
          "f",
          "foreign key",
          "c",
          "check",
          "x",
          "exclusion constraint");
  private static final Set<Kind> CONTAINERS =
      Set.of(Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.SEQUENCE, Kind.FUNCTION);

  private DestructiveRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.of(
                "drop-table",
                DESTRUCTIVE,
                ERROR,
                "drop it in a change set with phase = contract, once no program uses it and its"
                    + " rows are kept elsewhere or not needed",
                DestructiveRules::dropTable)
            .lessInContract(),
        Rule.of(
                "drop-column",
                DESTRUCTIVE,
                ERROR,
                "drop it in a change set with phase = contract, once no program names it (SELECT *"
                    + " and cached statements count) and its values are not needed",
                DestructiveRules::dropColumn)
            .lessInContract(),
        Rule.of(
            "drop-schema",
            DESTRUCTIVE,
            ERROR,
            "drop what is in it one by one, in change sets with phase = contract",
            step ->
                step.removed(Kind.SCHEMA)
                    .filter(step::isOld)
                    .map(schema -> step.hit("Schema %s is gone with all in it", schema.name()))),
        Rule.of(
            "drop-cascade",
            DESTRUCTIVE,
            ERROR,
            "leave CASCADE out, and drop by name what depends on it, so that every loss is read"
                + " and meant",
            DestructiveRules::dropCascade),
        Rule.of(
            "truncate",
            DESTRUCTIVE,
            ERROR,
            "delete in batches by key what is to go; TRUNCATE … CASCADE empties other tables too",
            DestructiveRules::truncate),
        Rule.of(
            "delete-every-row",
            DESTRUCTIVE,
            ERROR,
            "say in a WHERE which rows are meant, and delete them in batches by key",
            step ->
                step.at().emptied().stream()
                    .filter(table -> step.isOld(table) && !step.at().rewrote(table))
                    .map(table -> step.hit(table, "It deletes every row of %s", step.name(table)))),
        Rule.of(
                "drop-constraint",
                DESTRUCTIVE,
                WARNING,
                "see that no program counts on it (ON CONFLICT does on unique ones); a stricter"
                    + " one is added first",
                DestructiveRules::dropConstraint)
            .lessInContract(),
        Rule.of(
            "unlogged",
            DESTRUCTIVE,
            ERROR,
            "leave the table logged: an unlogged one is empty after a crash and on every standby",
            step ->
                step.changed(Kind.TABLE)
                    .filter(change -> step.isOld(change.after().id()))
                    .filter(change -> change.of("persistence"))
                    .filter(change -> change.after().text("persistence").equals("u"))
                    .map(
                        change ->
                            step.hit(
                                change.after().id(),
                                "%s does not survive a crash any more",
                                change.after().name()))));
  }

  private static Stream<Hit> dropTable(Step step) {
    return step.removed(Kind.TABLE)
        .filter(step::isOld)
        .filter(
            table ->
                step.removed(Kind.TABLE)
                    .noneMatch(other -> other.id() == table.number("parent_table")))
        .map(table -> step.hit(table.id(), "Table %s is gone with its rows", table.name()));
  }

  private static Stream<Hit> dropColumn(Step step) {
    return step.removed(Kind.COLUMN)
        .filter(column -> step.isOld(column) && step.isOnOldTable(column))
        .filter(column -> step.after().find(Kind.TABLE, column.parent()).isPresent())
        .filter(
            column -> !step.after().find(Kind.TABLE, column.parent()).orElseThrow().is("partition"))
        .map(
            column ->
                step.hit(
                    column.parent(),
                    "Column %s of %s is gone with its values",
                    column.name(),
                    step.name(column.parent())));
  }

  /** Statements name objects of one kind; what else goes with them goes by CASCADE. */
  private static Stream<Hit> dropCascade(Step step) {
    Stream<CatalogueObject> parts =
        Stream.of(Kind.CONSTRAINT, Kind.POLICY, Kind.TRIGGER)
            .flatMap(step::gone)
            .filter(part -> step.isOld(part) && step.isOnOldTable(part))
            .filter(part -> !part.is("inherited"))
            .filter(part -> step.removed().anyMatch(other -> isWhole(other)));
    Stream<CatalogueObject> wholes =
        step.removed()
            .filter(object -> object.kind() == Kind.VIEW || object.kind() == Kind.MATERIALIZED_VIEW)
            .filter(step::isOld)
            .filter(
                view ->
                    step.removed()
                        .anyMatch(
                            other ->
                                other.kind() == Kind.TABLE
                                    || other.kind() == Kind.FUNCTION
                                    || other.kind() == Kind.COLUMN && step.isOnOldTable(other)));
    return Stream.concat(parts, wholes)
        .limit(1)
        .map(
            lost ->
                step.hit(
                    step.isOld(lost.parent()) ? lost.parent() : 0,
                    "%s %s goes too, though the statement does not name it",
                    lost.kind().words(),
                    lost.name()));
  }

  private static boolean isWhole(CatalogueObject object) {
    return CONTAINERS.contains(object.kind());
  }

  private static Stream<Hit> truncate(Step step) {
    return step.changed(Kind.TABLE)
        .map(change -> change.after().id())
        .filter(table -> step.isOld(table) && step.at().rewrote(table))
        .filter(table -> step.at().emptied().contains(table) || step.begins("TRUNCATE"))
        .map(table -> step.hit(table, "Every row of %s is gone", step.name(table)));
  }

  private static Stream<Hit> dropConstraint(Step step) {
    Stream<CatalogueObject> constraints =
        step.gone(Kind.CONSTRAINT)
            .filter(constraint -> CONSTRAINTS.containsKey(constraint.text("type")))
            .filter(constraint -> !constraint.is("inherited"));
    Stream<CatalogueObject> indexes =
        step.gone(Kind.INDEX)
            .filter(index -> index.is("unique") && index.attribute("constraint").isEmpty())
            .filter(index -> !index.is("inherited"));
    return Stream.concat(constraints, indexes)
        .filter(part -> step.isOld(part) && step.isOnOldTable(part))
        .filter(part -> step.removed().noneMatch(DestructiveRules::isWhole))
        .filter(part -> !isReplaced(step, part) && !losesColumn(step, part))
        .map(
            part ->
                step.hit(
                    part.parent(),
                    "%s loses its %s %s",
                    step.name(part.parent()),
                    CONSTRAINTS.getOrDefault(part.text("type"), "unique index"),
                    part.name()));
  }

  private static boolean losesColumn(Step step, CatalogueObject part) {
    return Step.columns(part).stream()
        .anyMatch(number -> step.after().column(part.parent(), number).isEmpty());
  }

  /** By another of the same kind and columns, or by the NOT NULL that it prepared. */
  private static boolean isReplaced(Step step, CatalogueObject part) {
    boolean another =
        step.trace()
            .after()
            .of(part.kind(), part.parent())
            .anyMatch(
                other ->
                    other.text("type").equals(part.text("type"))
                        && other.text("columns").equals(part.text("columns"))
                        && (part.kind() == Kind.CONSTRAINT || other.is("unique")));
    boolean notNull =
        part.text("definition").matches("CHECK \\(\\((\\S+) IS NOT NULL\\)\\)( NOT VALID)?")
            && Step.columns(part).stream()
                .allMatch(
                    number ->
                        step.after()
                            .column(part.parent(), number)
                            .filter(column -> column.is("not_null"))
                            .isPresent());
    return another || notNull;
  }
}
