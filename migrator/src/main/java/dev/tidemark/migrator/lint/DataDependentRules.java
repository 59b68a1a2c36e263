package dev.tidemark.migrator.lint;

import static dev.tidemark.migrator.lint.Hazard.DATA_DEPENDENT;
import static dev.tidemark.migrator.lint.Level.ERROR;
import static dev.tidemark.migrator.lint.Level.WARNING;

import dev.tidemark.migrator.trace.CatalogueObject;
import dev.tidemark.migrator.trace.Change;
import dev.tidemark.migrator.trace.Kind;
import dev.tidemark.migrator.trace.StatementTrace;
import dev.tidemark.migrator.trace.StatementTrace.Outcome;
import java.util.List;
import java.util.stream.Stream;

/** What works on an empty database, and may fail or take for ever on a full one. */
final class DataDependentRules {
  private DataDependentRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.of(
            "required-column",
            DATA_DEPENDENT,
            ERROR,
            "give the column a constant DEFAULT; or add it nullable, let programs write it, fill"
                + " the old rows in batches, and make it NOT NULL in a later change set",
            DataDependentRules::requiredColumn),
        Rule.of(
            "unique-on-old-rows",
            DATA_DEPENDENT,
            WARNING,
            "look for duplicates before, and tell programs: from now on they are refused",
            DataDependentRules::uniqueOnOldRows),
        Rule.of(
            "fails-on-rows",
            DATA_DEPENDENT,
            WARNING,
            "look at the real rows before; a script of real ones can be given with --given",
            DataDependentRules::failsOnRows),
        Rule.of(
                "change-every-row",
                DATA_DEPENDENT,
                WARNING,
                "change rows in batches by key, each in a transaction of its own, in a change set"
                    + " with transactional = false",
                DataDependentRules::changeEveryRow)
            .onBigTables(),
        Rule.of(
                "data-with-schema",
                DATA_DEPENDENT,
                WARNING,
                "put changes of rows and changes of the schema into change sets of their own",
                DataDependentRules::dataWithSchema)
            .onBigTables());
  }

  private static Stream<CatalogueObject> requiredColumns(Step step) {
    return step.added(Kind.COLUMN)
        .filter(step::isOnOldTable)
        .filter(column -> step.after().find(Kind.TABLE, column.parent()).isPresent())
        .filter(
            column -> !step.after().find(Kind.TABLE, column.parent()).orElseThrow().is("partition"))
        .filter(column -> column.is("not_null"))
        .filter(
            column ->
                Stream.of("default", "identity", "generated")
                    .allMatch(attribute -> column.attribute(attribute).isEmpty()));
  }

  private static Stream<Hit> requiredColumn(Step step) {
    return requiredColumns(step)
        .map(
            column ->
                step.hit(
                    column.parent(),
                    "%s must not be null and has no default: it fails as soon as %s has a row,"
                        + " and programs that do not know it cannot insert",
                    column.name(),
                    step.name(column.parent())));
  }

  private static Stream<Hit> uniqueOnOldRows(Step step) {
    return step.fresh(Kind.INDEX)
        .filter(step::isOnOldTable)
        .filter(index -> index.is("unique") && !index.is("inherited"))
        .filter(
            index ->
                Step.columns(index).stream()
                    .allMatch(
                        part -> step.trace().before().column(index.parent(), part).isPresent()))
        .map(
            index ->
                step.hit(
                    index.parent(),
                    "%s fails if rows of %s are alike",
                    index.name(),
                    step.name(index.parent())));
  }

  private static Stream<Hit> failsOnRows(Step step) {
    boolean explained =
        requiredColumns(step).findAny().isPresent() || uniqueOnOldRows(step).findAny().isPresent();
    return step.has(Outcome.FAILED_ON_ROWS) && !explained
        ? Stream.of(
            step.hit(
                "It fails on made-up rows and works on empty tables: %s", step.at().explanation()))
        : Stream.of();
  }

  private static Stream<Hit> changeEveryRow(Step step) {
    return step.at().rowsBefore().entrySet().stream()
        .filter(table -> step.isOld(table.getKey()) && table.getValue() > 1)
        .filter(table -> !step.at().emptied().contains(table.getKey()))
        .filter(table -> step.at().activity(table.getKey()).touched() >= table.getValue())
        .map(
            table ->
                step.hit(
                    table.getKey(),
                    "It changes every row of %s in one transaction: writers of the same rows wait,"
                        + " and the table grows to twice its size",
                    step.name(table.getKey())));
  }

  private static Stream<Hit> dataWithSchema(Step step) {
    return step.at().activity().entrySet().stream()
        .filter(table -> step.isOld(table.getKey()) && table.getValue().touched() > 0)
        .limit(1)
        .filter(
            table ->
                step.trace().transactional()
                    && step.trace().statements().stream()
                        .anyMatch(statement -> changesOldTable(step, statement)))
        .map(
            table ->
                step.hit(
                    table.getKey(),
                    "Rows of %s change in the transaction that changes the schema: what both have"
                        + " locked stays locked until the end",
                    step.name(table.getKey())));
  }

  private static boolean changesOldTable(Step step, StatementTrace statement) {
    return Stream.concat(
            statement.before().added(statement.after()).stream(),
            statement.before().changed(statement.after()).stream().map(Change::after))
        .anyMatch(
            object -> step.isOld(object.kind() == Kind.TABLE ? object.id() : object.parent()));
  }
}
