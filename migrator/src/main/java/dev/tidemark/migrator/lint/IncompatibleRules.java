package dev.tidemark.migrator.lint;

import static dev.tidemark.migrator.lint.Hazard.INCOMPATIBLE;
import static dev.tidemark.migrator.lint.Level.ERROR;
import static dev.tidemark.migrator.lint.Level.NOTE;
import static dev.tidemark.migrator.lint.Level.WARNING;

import dev.tidemark.migrator.trace.CatalogueObject;
import dev.tidemark.migrator.trace.Change;
import dev.tidemark.migrator.trace.Kind;
import dev.tidemark.migrator.trace.StatementTrace.Outcome;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What programs that run already do not expect. */
final class IncompatibleRules {
  private static final Set<Kind> QUERIED = Set.of(Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW);
  private static final Set<Kind> NAMED =
      Set.of(
          Kind.SEQUENCE,
          Kind.FUNCTION,
          Kind.ENUM,
          Kind.DOMAIN,
          Kind.RANGE,
          Kind.COMPOSITE_TYPE,
          Kind.SCHEMA,
          Kind.ENUM_VALUE);
  private static final Set<Kind> TYPES =
      Set.of(Kind.ENUM, Kind.DOMAIN, Kind.RANGE, Kind.COMPOSITE_TYPE);
  private static final String EXPAND =
      "add the new name beside the old one (a view or a second column), let programs move over,"
          + " then drop the old one in a contract change set";

  private IncompatibleRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.of("rename-table", INCOMPATIBLE, ERROR, EXPAND, step -> renamed(step, QUERIED)),
        Rule.of(
            "rename-column",
            INCOMPATIBLE,
            ERROR,
            EXPAND,
            step -> renamed(step, Set.of(Kind.COLUMN))),
        Rule.of("rename-object", INCOMPATIBLE, WARNING, EXPAND, step -> renamed(step, NAMED)),
        Rule.of("move-to-schema", INCOMPATIBLE, ERROR, EXPAND, IncompatibleRules::moveToSchema),
        drop("drop-view", Set.of(Kind.VIEW, Kind.MATERIALIZED_VIEW)),
        drop("drop-function", Set.of(Kind.FUNCTION)),
        drop("drop-type", TYPES),
        drop("drop-sequence", Set.of(Kind.SEQUENCE)),
        drop("drop-trigger", Set.of(Kind.TRIGGER)),
        drop("drop-extension", Set.of(Kind.EXTENSION)),
        Rule.of(
            "drop-default",
            INCOMPATIBLE,
            WARNING,
            "see that every program gives the value itself before",
            step ->
                oldColumns(step)
                    .filter(change -> change.before().attribute("default").isPresent())
                    .filter(change -> change.before().attribute("generated").isEmpty())
                    .filter(change -> change.after().attribute("default").isEmpty())
                    .map(change -> hit(step, change, "has no default any more"))),
        Rule.of(
            "change-default",
            INCOMPATIBLE,
            NOTE,
            "see that programs which leave the column out mean the new value",
            step ->
                oldColumns(step)
                    .filter(change -> change.of("default"))
                    .filter(change -> change.after().attribute("default").isPresent())
                    .filter(change -> change.after().attribute("generated").isEmpty())
                    .map(change -> hit(step, change, "gets another default"))),
        Rule.of(
            "drop-not-null",
            INCOMPATIBLE,
            WARNING,
            "see that every program that reads it can live with null",
            step ->
                oldColumns(step)
                    .filter(change -> change.ceases("not_null"))
                    .map(change -> hit(step, change, "may be null from now on"))),
        Rule.of(
            "change-generation",
            INCOMPATIBLE,
            WARNING,
            "see that no program counts on the old way; a new column beside the old one is safer",
            step ->
                oldColumns(step)
                    .filter(
                        change ->
                            change.of("identity")
                                || change.of("generated")
                                || change.after().attribute("generated").isPresent()
                                    && change.of("default"))
                    .map(change -> hit(step, change, "gets its value in another way"))),
        Rule.of(
            "new-restriction",
            INCOMPATIBLE,
            NOTE,
            "see that programs which run already only write what it allows (NOT VALID refuses new"
                + " rows too)",
            IncompatibleRules::newRestriction),
        Rule.of(
            "enum-value-added",
            INCOMPATIBLE,
            NOTE,
            "see that programs which read the type can live with it; say BEFORE or AFTER, as it"
                + " sorts in that place; it cannot be taken away again",
            step ->
                step.added(Kind.ENUM_VALUE)
                    .filter(value -> isOldType(step, value.parent()))
                    .map(value -> step.hit("An old type gets the value %s", value.name()))),
        Rule.of(
            "enum-value-used-at-once",
            INCOMPATIBLE,
            ERROR,
            "use the value in the next change set, after this one is committed",
            step ->
                step.has(Outcome.USES_NEW_ENUM_VALUE)
                    ? Stream.of(step.hit("Postgres refuses it: %s", step.at().explanation()))
                    : Stream.of()),
        Rule.of(
            "replace-view",
            INCOMPATIBLE,
            NOTE,
            "see that programs which read it mean the new query",
            step ->
                Stream.concat(step.changed(Kind.VIEW), step.changed(Kind.MATERIALIZED_VIEW))
                    .filter(change -> step.isOld(change.after().id()) && change.of("definition"))
                    .map(
                        change ->
                            step.hit(
                                change.after().id(),
                                "%s has another query",
                                change.after().name()))),
        Rule.of(
            "replace-function",
            INCOMPATIBLE,
            NOTE,
            "see that programs which call it mean the new body",
            step ->
                step.changed(Kind.FUNCTION)
                    .filter(change -> step.isOld(change.after()))
                    .filter(change -> change.of("body") || change.of("volatility"))
                    .map(change -> step.hit("%s has another body", change.after().name()))),
        Rule.of(
            "composite-type-changed",
            INCOMPATIBLE,
            WARNING,
            "make a new type beside the old one",
            step ->
                Stream.concat(
                        Stream.concat(step.added(Kind.COLUMN), step.removed(Kind.COLUMN)),
                        step.changed(Kind.COLUMN).map(Change::after))
                    .filter(
                        attribute ->
                            step.trace()
                                    .before()
                                    .find(Kind.COMPOSITE_TYPE, attribute.parent())
                                    .isPresent()
                                && step.after().hasRelation(attribute.parent()))
                    .map(
                        attribute ->
                            step.hit(
                                "Type %s has another attribute %s",
                                step.name(attribute.parent()), attribute.name()))),
        Rule.of(
            "replica-identity-changed",
            INCOMPATIBLE,
            WARNING,
            "see that subscribers of logical replication can live with it",
            step -> oldTables(step, "replica_identity", "is replicated with another identity")),
        Rule.of(
            "sequence-changed",
            INCOMPATIBLE,
            WARNING,
            "see that no number is given twice and that programs can hold the new ones",
            step ->
                step.changed(Kind.SEQUENCE)
                    .filter(change -> step.isOld(change.after().id()) && change.of("sequence"))
                    .map(
                        change ->
                            step.hit("Sequence %s counts in another way", change.after().name()))),
        Rule.of(
            "inheritance-changed",
            INCOMPATIBLE,
            WARNING,
            "see that queries of the parent do not miss the rows, or find more than they should",
            step ->
                step.changed(Kind.TABLE)
                    .filter(change -> step.isOld(change.after().id()))
                    .filter(change -> !change.before().is("partition"))
                    .filter(change -> !change.after().is("partition"))
                    .filter(change -> change.of("parent_table"))
                    .map(
                        change ->
                            step.hit(
                                change.after().id(),
                                "%s has another parent",
                                change.after().name()))),
        Rule.of(
            "extension-changed",
            INCOMPATIBLE,
            WARNING,
            "read the extension's release notes; an update is not undone by rolling back",
            step ->
                step.changed(Kind.EXTENSION)
                    .filter(change -> change.of("version"))
                    .map(
                        change ->
                            step.hit(
                                "Extension %s goes from %s to %s",
                                change.after().name(),
                                change.before().text("version"),
                                change.after().text("version")))),
        Rule.of(
            "trigger-disabled",
            INCOMPATIBLE,
            WARNING,
            "leave it enabled; session_replication_role of one session switches triggers off for"
                + " that session alone",
            step ->
                step.changed(Kind.TRIGGER)
                    .filter(change -> step.isOld(change.after()) && change.of("enabled"))
                    .filter(change -> !change.after().is("inherited"))
                    .filter(change -> change.after().text("enabled").equals("D"))
                    .map(
                        change ->
                            step.hit(
                                change.after().parent(),
                                "Trigger %s of %s does nothing any more",
                                change.after().name(),
                                step.name(change.after().parent())))));
  }

  private static Rule drop(String id, Set<Kind> kinds) {
    return Rule.of(
            id,
            INCOMPATIBLE,
            WARNING,
            "drop it in a change set with phase = contract, once no program uses it",
            step ->
                step.removed()
                    .filter(object -> kinds.contains(object.kind()) && step.isOld(object))
                    .filter(object -> !goesWithItsOwner(step, object) && !comesBack(step, object))
                    .map(
                        object ->
                            step.hit(
                                object.kind() == Kind.TRIGGER ? object.parent() : object.id(),
                                "%s %s is gone",
                                capital(object.kind().words()),
                                object.name())))
        .lessInContract();
  }

  private static boolean goesWithItsOwner(Step step, CatalogueObject object) {
    boolean withTable =
        object.kind() == Kind.TRIGGER && !step.after().hasRelation(object.parent())
            || object.is("inherited");
    boolean withColumn =
        object
            .attribute("owned_by_column")
            .filter(
                column ->
                    step.removed(Kind.COLUMN)
                        .anyMatch(
                            removed ->
                                column.equals(removed.id() + "." + removed.identity().part())))
            .isPresent();
    return withTable || withColumn;
  }

  /** Dropped to be made again. */
  private static boolean comesBack(Step step, CatalogueObject object) {
    return step.trace()
        .after()
        .all(object.kind())
        .anyMatch(other -> other.name().equals(object.name()) && other.parent() == object.parent());
  }

  private static Stream<Hit> renamed(Step step, Set<Kind> kinds) {
    return step.changed()
        .filter(change -> kinds.contains(change.after().kind()) && step.isOld(change.after()))
        .filter(
            change ->
                change.after().kind() == Kind.SCHEMA || change.after().kind() == Kind.ENUM_VALUE
                    ? !change.before().name().equals(change.after().name())
                    : change.of("simple_name"))
        .filter(change -> !isOfPartition(step, change.after()))
        .map(
            change ->
                step.hit(
                    change.after().kind() == Kind.COLUMN
                        ? change.after().parent()
                        : change.after().id(),
                    "%s %s is called %s from now on: whoever uses the old name fails at once",
                    capital(change.after().kind().words()),
                    change.before().name(),
                    change.after().name()));
  }

  private static boolean isOfPartition(Step step, CatalogueObject object) {
    return object.kind() == Kind.COLUMN
        && step.after()
            .find(Kind.TABLE, object.parent())
            .filter(t -> t.is("partition"))
            .isPresent();
  }

  private static Stream<Hit> moveToSchema(Step step) {
    boolean schemaRenamed =
        step.changed(Kind.SCHEMA)
            .anyMatch(change -> !change.before().name().equals(change.after().name()));
    return step.changed()
        .filter(change -> !schemaRenamed && step.isOld(change.after()) && change.of("schema"))
        .filter(change -> change.after().attribute("owned_by_column").isEmpty())
        .map(
            change ->
                step.hit(
                    change.after().id(),
                    "%s is in another schema from now on: whoever names the old one fails at once",
                    change.before().name()));
  }

  private static Stream<Change> oldColumns(Step step) {
    return step.changed(Kind.COLUMN)
        .filter(change -> step.isOld(change.after()) && step.isOnOldTable(change.after()))
        .filter(change -> !isOfPartition(step, change.after()));
  }

  private static Hit hit(Step step, Change change, String effect) {
    return step.hit(
        change.after().parent(),
        "%s of %s " + effect,
        change.after().name(),
        step.name(change.after().parent()));
  }

  private static Stream<Hit> oldTables(Step step, String attribute, String effect) {
    return step.changed(Kind.TABLE)
        .filter(change -> step.isOld(change.after().id()) && change.of(attribute))
        .map(change -> step.hit(change.after().id(), "%s " + effect, change.after().name()));
  }

  private static Stream<Hit> newRestriction(Step step) {
    Stream<CatalogueObject> constraints =
        step.fresh(Kind.CONSTRAINT)
            .filter(constraint -> Set.of("c", "f", "u", "p", "x").contains(constraint.text("type")))
            .filter(constraint -> !constraint.is("inherited"));
    Stream<CatalogueObject> indexes =
        step.fresh(Kind.INDEX)
            .filter(index -> index.is("unique") && index.attribute("constraint").isEmpty())
            .filter(index -> !index.is("inherited"));
    Stream<Hit> parts =
        Stream.concat(constraints, indexes)
            .filter(step::isOnOldTable)
            .filter(
                part ->
                    Step.columns(part).stream()
                        .anyMatch(
                            number ->
                                step.trace().before().column(part.parent(), number).isPresent()))
            .map(
                part ->
                    step.hit(
                        part.parent(),
                        "%s takes no rows any more that break %s",
                        step.name(part.parent()),
                        part.name()));
    Stream<Hit> columns =
        oldColumns(step)
            .filter(change -> change.becomes("not_null"))
            .map(change -> hit(step, change, "takes no null any more"));
    return Stream.concat(parts, columns);
  }

  private static boolean isOldType(Step step, long type) {
    return step.trace().before().find(Kind.ENUM, type).isPresent();
  }

  private static String capital(String words) {
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
