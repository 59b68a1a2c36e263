package dev.tidemark.migrator.lint;

import static dev.tidemark.migrator.lint.Hazard.REWRITING;
import static dev.tidemark.migrator.lint.Level.ERROR;

import dev.tidemark.migrator.trace.CatalogueObject;
import dev.tidemark.migrator.trace.Change;
import dev.tidemark.migrator.trace.Kind;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Tables and indexes that are written anew while nobody can use them. */
final class RewritingRules {
  private static final String NEW_COLUMN =
      "add a new column of the new type, write both, fill it in batches, let programs read the new"
          + " one, then drop the old one: expand, migrate, contract";

  private RewritingRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.of(
                "type-change-rewrite",
                REWRITING,
                ERROR,
                NEW_COLUMN,
                step ->
                    typeChanges(step)
                        .filter(change -> step.rewrote(change.after().parent()))
                        .map(change -> hit(step, change, "writes all of %s anew")))
            .onBigTables(),
        Rule.of(
                "type-change-index-rebuild",
                REWRITING,
                ERROR,
                NEW_COLUMN,
                step ->
                    typeChanges(step)
                        .filter(change -> !step.rewrote(change.after().parent()))
                        .filter(change -> rebuildsIndex(step, change.after().parent()))
                        .map(change -> hit(step, change, "builds indexes of %s anew")))
            .onBigTables(),
        Rule.of(
                "type-change-scan",
                REWRITING,
                ERROR,
                NEW_COLUMN,
                step ->
                    typeChanges(step)
                        .filter(change -> !step.rewrote(change.after().parent()))
                        .filter(change -> !rebuildsIndex(step, change.after().parent()))
                        .filter(change -> step.scanned(change.after().parent()))
                        .map(change -> hit(step, change, "reads all of %s")))
            .onBigTables(),
        addition(
            "add-auto-increment",
            "add the column as plain bigint, give it a sequence as DEFAULT for new rows, fill the"
                + " old rows in batches",
            column ->
                column.attribute("identity").isPresent() || column.attribute("serial").isPresent(),
            "numbers every row"),
        addition(
            "add-stored-generated",
            "add a plain column that a trigger keeps, and fill the old rows in batches; or let a"
                + " view compute it (from Postgres 18 on, GENERATED … VIRTUAL)",
            column -> column.text("generated").equals("s"),
            "computes it for every row"),
        addition(
            "add-volatile-default",
            "add the column without the default, then ALTER COLUMN … SET DEFAULT for new rows,"
                + " and fill the old rows in batches",
            column ->
                column.attribute("default").isPresent()
                    && column.attribute("generated").isEmpty()
                    && column.attribute("serial").isEmpty(),
            "has a default that differs from row to row"),
        addition(
            "add-checked-domain",
            "add the column with the domain's base type, and the rule as a CHECK with NOT VALID",
            column ->
                column.is("domain_checked")
                    && column.attribute("default").isEmpty()
                    && column.attribute("generated").isEmpty(),
            "has a domain whose rule is checked for every row"),
        Rule.of(
                "table-rewrite",
                REWRITING,
                ERROR,
                "leave VACUUM FULL, CLUSTER, SET LOGGED, SET TABLESPACE and SET ACCESS METHOD to a"
                    + " maintenance window; pg_repack or pg_squeeze do it while the table is used",
                RewritingRules::otherRewrite)
            .onBigTables());
  }

  private static Rule addition(
      String id, String remedy, Predicate<CatalogueObject> kind, String reason) {
    return Rule.of(
            id,
            REWRITING,
            ERROR,
            remedy,
            step ->
                step.added(Kind.COLUMN)
                    .filter(step::isOnOldTable)
                    .filter(kind)
                    .filter(column -> !isOfPartition(step, column))
                    .filter(column -> step.rewrote(column.parent()))
                    .map(
                        column ->
                            step.hit(
                                column.parent(),
                                "Column %s %s, and %s is written anew",
                                column.name(),
                                reason,
                                step.name(column.parent()))))
        .onBigTables();
  }

  /** What happens to a partitioned table is told once. */
  private static boolean isOfPartition(Step step, CatalogueObject column) {
    return step.after()
        .find(Kind.TABLE, column.parent())
        .filter(t -> t.is("partition"))
        .isPresent();
  }

  private static Stream<Change> typeChanges(Step step) {
    return step.changed(Kind.COLUMN)
        .filter(change -> step.isOld(change.after()) && step.isOnOldTable(change.after()))
        .filter(change -> !isOfPartition(step, change.after()))
        .filter(change -> change.of("type") || change.of("collation"));
  }

  private static boolean rebuildsIndex(Step step, long table) {
    return Stream.concat(step.changed(Kind.INDEX), step.remade(Kind.INDEX))
        .anyMatch(change -> change.after().parent() == table && change.of("file"));
  }

  private static Hit hit(Step step, Change change, String effect) {
    long table = change.after().parent();
    return step.hit(
        table,
        "Turning %s from %s into %s " + effect + ", and may fail on a value",
        change.after().name(),
        change.before().text("type"),
        change.after().text("type"),
        step.name(table));
  }

  private static Stream<Hit> otherRewrite(Step step) {
    return step.changed(Kind.TABLE)
        .map(change -> change.after().id())
        .filter(table -> step.isOld(table) && step.at().rewrote(table))
        .filter(table -> !step.at().emptied().contains(table) && !step.begins("TRUNCATE"))
        .filter(
            table ->
                Stream.concat(
                        step.added(Kind.COLUMN),
                        step.changed(Kind.COLUMN)
                            .filter(change -> change.of("type"))
                            .map(Change::after))
                    .noneMatch(column -> column.parent() == table))
        .map(table -> step.hit(table, "%s is written anew", step.name(table)));
  }
}
