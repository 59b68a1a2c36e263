package dev.tidemark.migrator.lint;

import static dev.tidemark.migrator.lint.Hazard.PRACTICE;
import static dev.tidemark.migrator.lint.Level.NOTE;
import static dev.tidemark.migrator.lint.Level.WARNING;

import dev.tidemark.migrator.trace.CatalogueObject;
import dev.tidemark.migrator.trace.Change;
import dev.tidemark.migrator.trace.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What works today and is regretted later. */
final class PracticeRules {
  private static final int MOST_KEY_COLUMNS = 3;
  private static final int TOLERATED_PADDING = 8;
  private static final Map<String, Integer> ALIGNMENTS = Map.of("c", 1, "s", 2, "i", 4, "d", 8);
  private static final Set<String> SMALL_INTEGERS = Set.of("int2", "int4");

  private PracticeRules() {}

  static List<Rule> all() {
    return List.of(
        type(
            "json-column",
            WARNING,
            "use jsonb",
            "json",
            "json has no equality: DISTINCT, GROUP BY and UNION over it fail"),
        type(
            "char-column",
            WARNING,
            "use text, with a CHECK for the length if it matters",
            "bpchar",
            "char(n) pads with blanks, and compares as if they were not there"),
        column(
            "varchar-limit",
            NOTE,
            "use text with CHECK (length(column) <= n), which can be changed without touching rows",
            column -> column.text("type_name").equals("varchar") && column.number("modifier") > 0,
            "a limit in the type is hard to lower later"),
        type(
            "timestamp-without-zone",
            WARNING,
            "use timestamptz",
            "timestamp",
            "a timestamp without time zone means another instant to every reader"),
        type(
            "money-column",
            WARNING,
            "use numeric, or an integer of the smallest unit",
            "money",
            "money depends on the server's locale and knows no currency"),
        Rule.of(
            "integer-key",
            PRACTICE,
            WARNING,
            "use bigint (or uuid): a key cannot be made wider later without writing the table anew",
            PracticeRules::integerKey),
        column(
            "serial-column",
            WARNING,
            "use GENERATED ALWAYS AS IDENTITY",
            column ->
                column.attribute("serial").isPresent()
                    && column.text("default").startsWith("nextval("),
            "serial leaves a sequence with rights and a default of its own"),
        Rule.of(
            "foreign-key-without-index",
            PRACTICE,
            WARNING,
            "CREATE INDEX on the referencing columns (CONCURRENTLY on an old table)",
            PracticeRules::foreignKeyWithoutIndex),
        Rule.of(
            "table-without-primary-key",
            PRACTICE,
            WARNING,
            "give it a primary key: logical replication, batches and deduplication need one",
            PracticeRules::tableWithoutPrimaryKey),
        Rule.of(
            "wide-index",
            PRACTICE,
            NOTE,
            "begin an index with the columns that narrow the rows down most, and stop there",
            step ->
                step.fresh(Kind.INDEX)
                    .filter(index -> !index.is("unique") && !index.is("inherited"))
                    .filter(index -> index.number("key_columns") > MOST_KEY_COLUMNS)
                    .map(
                        index ->
                            step.hit(
                                index.parent(),
                                "Index %s has %d columns",
                                index.name(),
                                index.number("key_columns")))),
        Rule.of(
            "duplicate-index",
            PRACTICE,
            NOTE,
            "drop the shorter one: the longer one serves its queries too",
            PracticeRules::duplicateIndex),
        Rule.of(
            "name-truncated",
            PRACTICE,
            WARNING,
            "use at most 63 bytes",
            step ->
                step.at().notices().stream()
                    .filter(notice -> notice.state().equals("42622"))
                    .map(notice -> step.hit("A name is cut off: %s", notice.message()))),
        Rule.of(
            "name-needs-quotes",
            PRACTICE,
            NOTE,
            "use small letters, digits and underscores, and no word of SQL",
            PracticeRules::nameNeedsQuotes),
        Rule.of(
            "enum-type",
            PRACTICE,
            NOTE,
            "where values come and go, text with a CHECK or a table of values is easier: an enum's"
                + " value cannot be taken away",
            step -> step.added(Kind.ENUM).map(type -> step.hit("%s is an enum", type.name()))),
        Rule.of(
            "checked-domain",
            PRACTICE,
            NOTE,
            "put the CHECK on the tables: that of a domain is hard to change, and its columns"
                + " cannot be added without writing the table anew",
            step ->
                step.fresh(Kind.CONSTRAINT)
                    .filter(check -> step.after().find(Kind.DOMAIN, check.parent()).isPresent())
                    .map(check -> step.hit("A domain has the check %s", check.name()))),
        Rule.of(
            "column-order",
            PRACTICE,
            NOTE,
            "name the columns in this order: 8-byte ones, 4-byte ones, small ones, then text and"
                + " others of variable length",
            PracticeRules::columnOrder),
        Rule.of(
            "skipped-statement",
            PRACTICE,
            NOTE,
            "leave IF [NOT] EXISTS out: the runner knows what is applied, and an object that is"
                + " there already may be another than the one that is meant",
            step ->
                step.at().notices().stream()
                    .filter(notice -> notice.message().endsWith(", skipping"))
                    .limit(1)
                    .map(notice -> step.hit("Postgres says: %s", notice.message()))));
  }

  /** New columns of tables, and old ones that get another type; those of partitions left out. */
  private static Stream<CatalogueObject> typedColumns(Step step) {
    return Stream.concat(
            step.added(Kind.COLUMN),
            step.changed(Kind.COLUMN).filter(change -> change.of("type")).map(Change::after))
        .filter(
            column ->
                step.after()
                    .find(Kind.TABLE, column.parent())
                    .filter(table -> !table.is("partition"))
                    .isPresent());
  }

  private static Rule type(String id, Level level, String remedy, String type, String reason) {
    return column(
        id,
        level,
        remedy,
        column ->
            column.text("type_name").equals(type) || column.text("type_name").equals("_" + type),
        reason);
  }

  private static Rule column(
      String id, Level level, String remedy, Predicate<CatalogueObject> wrong, String reason) {
    return Rule.of(
        id,
        PRACTICE,
        level,
        remedy,
        step ->
            typedColumns(step)
                .filter(wrong)
                .map(
                    column ->
                        step.hit(
                            column.parent(),
                            "Column %s is %s: %s",
                            column.name(),
                            column.text("type"),
                            reason)));
  }

  private static Stream<Hit> integerKey(Step step) {
    return step.fresh(Kind.CONSTRAINT)
        .filter(key -> key.text("type").equals("p") && !key.is("inherited"))
        .flatMap(
            key ->
                Step.columns(key).stream()
                    .filter(part -> !isReferencing(step, key.parent(), part))
                    .flatMap(part -> step.after().column(key.parent(), part).stream()))
        .filter(column -> SMALL_INTEGERS.contains(column.text("type_name")))
        .map(
            column ->
                step.hit(
                    column.parent(),
                    "Key column %s is %s and ends at %s",
                    column.name(),
                    column.text("type"),
                    column.text("type_name").equals("int4") ? "2,147,483,647" : "32,767"));
  }

  private static boolean isReferencing(Step step, long table, int part) {
    return step.after()
        .of(Kind.CONSTRAINT, table)
        .anyMatch(key -> key.text("type").equals("f") && Step.columns(key).contains(part));
  }

  private static Stream<Hit> foreignKeyWithoutIndex(Step step) {
    if (!step.isLast()) {
      return Stream.of();
    }
    return step.addedByScript(Kind.CONSTRAINT)
        .filter(key -> key.text("type").equals("f") && !key.is("inherited"))
        .filter(
            key ->
                step.after()
                    .of(Kind.INDEX, key.parent())
                    .noneMatch(index -> serves(index, Step.columns(key))))
        .map(
            key ->
                step.hitWhereAdded(
                    key,
                    "No index begins with the columns of %s: each DELETE or key UPDATE of %s reads"
                        + " all of %s",
                    key.name(),
                    step.name(key.number("referenced")),
                    step.name(key.parent())));
  }

  private static boolean serves(CatalogueObject index, List<Integer> columns) {
    List<Integer> indexed = Step.columns(index);
    return !index.is("partial")
        && !index.text("access_method").equals("brin")
        && indexed.size() >= columns.size()
        && Set.copyOf(indexed.subList(0, columns.size())).equals(Set.copyOf(columns));
  }

  private static Stream<Hit> tableWithoutPrimaryKey(Step step) {
    if (!step.isLast()) {
      return Stream.of();
    }
    return step.addedByScript(Kind.TABLE)
        .filter(table -> !table.is("partition") && table.number("parent_table") == 0)
        .filter(table -> Set.of("r", "p").contains(table.text("relation_kind")))
        .filter(
            table ->
                step.after()
                    .of(Kind.CONSTRAINT, table.id())
                    .noneMatch(key -> key.text("type").equals("p")))
        .map(table -> step.hitWhereAdded(table, "%s has no primary key", table.name()));
  }

  private static Stream<Hit> duplicateIndex(Step step) {
    return step.fresh(Kind.INDEX)
        .filter(index -> !index.is("inherited") && isPlain(index))
        .flatMap(
            index ->
                step.after()
                    .of(Kind.INDEX, index.parent())
                    .filter(other -> other.id() != index.id() && isPlain(other))
                    .filter(other -> covers(other, index) || covers(index, other))
                    .limit(1)
                    .map(
                        other ->
                            step.hit(
                                index.parent(),
                                "%s and %s begin with the same columns",
                                index.name(),
                                other.name())));
  }

  private static boolean isPlain(CatalogueObject index) {
    return !index.is("partial")
        && !index.is("expressions")
        && index.is("valid")
        && index.text("access_method").equals("btree");
  }

  /** A unique index is not covered by a longer one, as it also says what is refused. */
  private static boolean covers(CatalogueObject longer, CatalogueObject shorter) {
    List<Integer> all = Step.columns(longer);
    List<Integer> first = Step.columns(shorter);
    return !shorter.is("unique")
        && all.size() >= first.size()
        && all.subList(0, first.size()).equals(first);
  }

  private static Stream<Hit> nameNeedsQuotes(Step step) {
    Stream<CatalogueObject> renamed =
        step.changed()
            .filter(change -> !change.before().name().equals(change.after().name()))
            .map(Change::after);
    return Stream.concat(step.added(), renamed)
        .filter(object -> object.kind() != Kind.ENUM_VALUE && object.kind() != Kind.ROLE)
        .filter(object -> object.name().contains("\"") && !object.is("inherited"))
        .map(
            object ->
                step.hit(
                    object.kind() == Kind.TABLE ? object.id() : object.parent(),
                    "The name %s must be quoted wherever it is used",
                    object.name()));
  }

  private static Stream<Hit> columnOrder(Step step) {
    return step.added(Kind.TABLE)
        .filter(table -> !table.is("partition"))
        .flatMap(
            table -> {
              int wasted =
                  ColumnOrder.wasted(
                      step.after()
                          .of(Kind.COLUMN, table.id())
                          .map(
                              column ->
                                  new ColumnOrder.Slot(
                                      (int) column.number("length"),
                                      ALIGNMENTS.get(column.text("alignment"))))
                          .toList());
              return wasted < TOLERATED_PADDING
                  ? Stream.of()
                  : Stream.of(
                      step.hit(table.id(), "Each row of %s wastes %d bytes", table.name(), wasted));
            });
  }
}
