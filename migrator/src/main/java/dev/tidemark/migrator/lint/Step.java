package dev.tidemark.migrator.lint;

import dev.tidemark.migrator.trace.Activity;
import dev.tidemark.migrator.trace.CatalogueObject;
import dev.tidemark.migrator.trace.Change;
import dev.tidemark.migrator.trace.Kind;
import dev.tidemark.migrator.trace.LockMode;
import dev.tidemark.migrator.trace.Snapshot;
import dev.tidemark.migrator.trace.StatementTrace;
import dev.tidemark.migrator.trace.StatementTrace.Outcome;
import dev.tidemark.migrator.trace.TableLock;
import dev.tidemark.migrator.trace.Trace;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One statement of a trace, with the questions that rules ask about it. "Old" is what was there
 * before the script: it may have rows, and programs that use it.
 */
final class Step {
  private static final String PARTITIONED = "p";

  private final Trace trace;
  private final StatementTrace at;
  private final List<CatalogueObject> added;
  private final List<CatalogueObject> removed;
  private final List<Change> changed;

  Step(Trace trace, StatementTrace at) {
    this.trace = trace;
    this.at = at;
    this.added = at.before().added(at.after());
    this.removed = at.before().removed(at.after());
    this.changed = at.before().changed(at.after());
  }

  Trace trace() {
    return trace;
  }

  StatementTrace at() {
    return at;
  }

  Snapshot before() {
    return at.before();
  }

  Snapshot after() {
    return at.after();
  }

  boolean isLast() {
    return at.number() == trace.statements().size();
  }

  boolean has(Outcome outcome) {
    return at.outcome() == outcome;
  }

  /** Whether the statement begins with a word, whatever follows. */
  boolean begins(String word) {
    return at.statement().canonical().toUpperCase(Locale.ROOT).matches("(?s)" + word + "\\b.*");
  }

  /** New objects, those left out that were only made again. */
  Stream<CatalogueObject> fresh(Kind kind) {
    return withoutRemade(added(kind), kind);
  }

  /** Objects that are gone, those left out that were made again at once. */
  Stream<CatalogueObject> gone(Kind kind) {
    return withoutRemade(removed(kind), kind);
  }

  Stream<CatalogueObject> added(Kind kind) {
    return added.stream().filter(object -> object.kind() == kind);
  }

  Stream<CatalogueObject> removed(Kind kind) {
    return removed.stream().filter(object -> object.kind() == kind);
  }

  Stream<Change> changed(Kind kind) {
    return changed.stream().filter(change -> change.before().kind() == kind);
  }

  Stream<CatalogueObject> added() {
    return added.stream();
  }

  Stream<CatalogueObject> removed() {
    return removed.stream();
  }

  Stream<Change> changed() {
    return changed.stream();
  }

  /** What the script as a whole has added by now. */
  Stream<CatalogueObject> addedByScript(Kind kind) {
    return at.after().all(kind).filter(object -> !isOld(object));
  }

  boolean changesCatalogue() {
    return !added.isEmpty() || !removed.isEmpty() || !changed.isEmpty();
  }

  boolean isOld(long relation) {
    return trace.isOld(relation);
  }

  /** Whether the object itself was there before the script. */
  boolean isOld(CatalogueObject object) {
    return trace.before().objects().containsKey(object.identity());
  }

  /** A constraint, index, column or the like of an old table that the statement leaves there. */
  boolean isOnOldTable(CatalogueObject part) {
    return isOld(part.parent()) && at.after().hasRelation(part.parent());
  }

  String name(long relation) {
    return at.after()
        .relation(relation)
        .or(() -> at.before().relation(relation))
        .map(CatalogueObject::name)
        .orElse("");
  }

  /**
   * What the statement has taken away and made again under the same name, as a change of a column's
   * type does with indexes and checks.
   */
  Stream<Change> remade(Kind kind) {
    return removed(kind)
        .flatMap(
            old ->
                added(kind)
                    .filter(now -> now.parent() == old.parent() && now.name().equals(old.name()))
                    .map(now -> new Change(old, now)));
  }

  private Stream<CatalogueObject> withoutRemade(Stream<CatalogueObject> objects, Kind kind) {
    Set<CatalogueObject.Identity> again =
        remade(kind)
            .flatMap(change -> Stream.of(change.before().identity(), change.after().identity()))
            .collect(Collectors.toSet());
    return again.isEmpty() ? objects : objects.filter(object -> !again.contains(object.identity()));
  }

  /** A table with its partitions and heirs, theirs included. */
  Set<Long> family(long table) {
    Set<Long> family = new LinkedHashSet<>();
    Queue<Long> waiting = new ArrayDeque<>(List.of(table));
    while (!waiting.isEmpty()) {
      long next = waiting.remove();
      if (family.add(next)) {
        at.after()
            .all(Kind.TABLE)
            .filter(child -> child.number("parent_table") == next)
            .forEach(child -> waiting.add(child.id()));
      }
    }
    return family;
  }

  boolean scanned(long table) {
    return family(table).stream().anyMatch(member -> at.activity(member).scans() > 0);
  }

  boolean rewrote(long table) {
    return family(table).stream().anyMatch(at::rewrote);
  }

  /** The strongest lock that the statement took on a relation or a partition of it. */
  Optional<LockMode> lock(long relation) {
    return family(relation).stream()
        .flatMap(member -> at.lock(member).stream())
        .max(Comparator.naturalOrder());
  }

  boolean blocksWrites(long table) {
    return lock(table).or(() -> at.heldLock(table)).filter(LockMode::blocksWrites).isPresent();
  }

  boolean blocksReads(long table) {
    return lock(table).or(() -> at.heldLock(table)).filter(LockMode::blocksReads).isPresent();
  }

  /** Old tables that earlier statements of the transaction keep others from writing to. */
  List<TableLock> heldFromWriters() {
    return at.held().stream()
        .filter(lock -> lock.mode().blocksWrites())
        .filter(lock -> trace.before().find(Kind.TABLE, lock.relation()).isPresent())
        .sorted(Comparator.comparing(TableLock::mode).reversed())
        .toList();
  }

  /** Old tables that the statement reads from end to end, writes anew, or changes rows of. */
  Stream<Long> heavyOn() {
    return at.after()
        .all(Kind.TABLE)
        .map(CatalogueObject::id)
        .filter(this::isOld)
        .filter(
            table -> {
              Activity activity = at.activity(table);
              return activity.scans() > 0 || activity.touched() > 0 || at.rewrote(table);
            });
  }

  boolean isPartitioned(long table) {
    return at.after()
        .find(Kind.TABLE, table)
        .filter(found -> found.text("relation_kind").equals(PARTITIONED))
        .isPresent();
  }

  /** The columns of a constraint or index; expressions are left out. */
  static List<Integer> columns(CatalogueObject part) {
    return Stream.of(part.text("columns").split(" "))
        .filter(number -> number.matches("[1-9][0-9]*"))
        .map(Integer::valueOf)
        .toList();
  }

  Hit hit(long table, String message, Object... values) {
    return new Hit(at.number(), table, table, message.formatted(values));
  }

  Hit hit(String message, Object... values) {
    return hit(0, message, values);
  }

  Hit hitSizedBy(long sizedBy, long table, String message, Object... values) {
    return new Hit(at.number(), table, sizedBy, message.formatted(values));
  }

  /** A hit at the statement that first had an object, for what only the end of a script shows. */
  Hit hitWhereAdded(CatalogueObject object, String message, Object... values) {
    int number =
        trace.statements().stream()
            .filter(statement -> statement.after().objects().containsKey(object.identity()))
            .mapToInt(StatementTrace::number)
            .findFirst()
            .orElse(at.number());
    long table = object.kind() == Kind.TABLE ? object.id() : object.parent();
    return new Hit(number, table, table, message.formatted(values));
  }
}
