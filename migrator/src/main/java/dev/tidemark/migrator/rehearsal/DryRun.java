package dev.tidemark.migrator.rehearsal;

import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.changeset.Script;
import dev.tidemark.migrator.rehearsal.DryRunResult.StatementRun;
import dev.tidemark.migrator.rehearsal.DryRunResult.Step;
import dev.tidemark.migrator.trace.Activity;
import dev.tidemark.migrator.trace.CatalogueObject;
import dev.tidemark.migrator.trace.Kind;
import dev.tidemark.migrator.trace.LockMode;
import dev.tidemark.migrator.trace.StatementTrace;
import dev.tidemark.migrator.trace.TableLock;
import dev.tidemark.migrator.trace.TableSizes;
import dev.tidemark.migrator.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Turns a trace into what a person wants to know before an operation. */
final class DryRun {
  private final TableSizes sizes;

  DryRun(TableSizes sizes) {
    this.sizes = sizes;
  }

  Step step(ChangeSet changeSet, Script script, Trace trace) {
    return new Step(
        changeSet.version(),
        changeSet.description(),
        script.file(),
        trace.statements().stream().map(statement -> run(trace, statement)).toList());
  }

  private StatementRun run(Trace trace, StatementTrace at) {
    List<String> rewritten =
        Stream.of(Kind.TABLE, Kind.MATERIALIZED_VIEW, Kind.INDEX)
            .flatMap(at.after()::all)
            .filter(object -> trace.isOld(object.id()) && at.rewrote(object.id()))
            .map(CatalogueObject::name)
            .toList();
    List<String> scanned =
        oldTables(trace, at)
            .filter(table -> at.activity(table.id()).scans() > 0)
            .map(CatalogueObject::name)
            .toList();
    List<CatalogueObject> built = built(trace, at);
    return new StatementRun(
        at.number(),
        at.statement().line(),
        at.statement().text(),
        locks(trace, at),
        rewritten,
        scanned,
        built.stream().map(CatalogueObject::name).toList(),
        at.rows(),
        at.walBytes(),
        at.duration(),
        Estimate.of(at.duration(), efforts(trace, at, built)),
        problem(at));
  }

  private static Stream<CatalogueObject> oldTables(Trace trace, StatementTrace at) {
    return at.before().all(Kind.TABLE).filter(table -> trace.isOld(table.id()));
  }

  private static List<CatalogueObject> built(Trace trace, StatementTrace at) {
    return at.after()
        .all(Kind.INDEX)
        .filter(index -> trace.isOld(index.parent()) && index.attribute("file").isPresent())
        .filter(
            index -> at.before().find(Kind.INDEX, index.id()).isEmpty() || at.rewrote(index.id()))
        .toList();
  }

  private static Map<String, LockMode> locks(Trace trace, StatementTrace at) {
    Map<String, LockMode> locks = new TreeMap<>();
    for (TableLock lock : at.taken()) {
      at.before()
          .relation(lock.relation())
          .filter(relation -> trace.isOld(relation.id()))
          .ifPresent(
              relation ->
                  locks.merge(
                      relation.name(),
                      lock.mode(),
                      (one, other) -> one.compareTo(other) > 0 ? one : other));
    }
    return locks;
  }

  private List<Estimate.Effort> efforts(
      Trace trace, StatementTrace at, List<CatalogueObject> built) {
    List<Estimate.Effort> efforts = new ArrayList<>();
    oldTables(trace, at)
        .forEach(
            table -> {
              Activity activity = at.activity(table.id());
              long rowsHere = Math.max(1, at.rowsBefore().getOrDefault(table.id(), 0L));
              long indexes = built.stream().filter(index -> index.parent() == table.id()).count();
              boolean emptied = at.emptied().contains(table.id());
              efforts.add(
                  new Estimate.Effort(
                      sizes.of(table.name()).orElse(TableSizes.Size.NONE),
                      activity.scans() > 0,
                      at.rewrote(table.id()) && !emptied,
                      (int) indexes,
                      Math.min(1, (double) activity.touched() / rowsHere)));
            });
    return efforts;
  }

  private static String problem(StatementTrace at) {
    return switch (at.outcome()) {
      case DONE -> "";
      case FAILED_ON_ROWS -> "fails on made-up rows: " + at.explanation();
      case REFUSED_IN_TRANSACTION, USES_NEW_ENUM_VALUE -> "refused: " + at.explanation();
      case TRANSACTION_CONTROL -> "not executed: it begins or ends a transaction";
      case BEYOND_THE_DATABASE -> "not executed: it reaches beyond the database";
    };
  }
}
