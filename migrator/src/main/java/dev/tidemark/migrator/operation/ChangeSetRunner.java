package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.changeset.Script;
import dev.tidemark.migrator.datastep.DataStepSettings;
import dev.tidemark.migrator.datastep.ProgressTable;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.failure.UserFailure;
import dev.tidemark.migrator.guard.TimeBudget;
import dev.tidemark.migrator.sql.SqlFailures;
import dev.tidemark.migrator.state.FailureState;
import dev.tidemark.migrator.state.Journal;
import dev.tidemark.migrator.state.RunOutcome;
import dev.tidemark.migrator.state.RunStart;
import dev.tidemark.migrator.state.ScriptKind;
import dev.tidemark.migrator.state.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.flywaydb.core.api.migration.Context;

/** Runs change sets forward and back on one connection, within one operation. */
final class ChangeSetRunner implements ChangeSetMigration.Work {
  /** Nothing is wrong with the change set: the next apply goes on without being told to. */
  private static final Set<String> GOES_ON =
      Set.of(
          MigratorFailures.DATA_STEP_STOPPED,
          MigratorFailures.DATA_STEP_EDITED,
          MigratorFailures.OVER_BUDGET);

  private final Operation operation;
  private final Connection connection;
  private final FlywayHistory history;
  private final Inspector inspector;
  private final DataStepSettings dataSteps;
  private final TimeBudget budget;
  private final boolean bindingChecks;
  private Optional<Uncommitted> uncommitted = Optional.empty();

  /** A run whose transaction Flyway commits after we have returned. */
  private record Uncommitted(RunLog log, ChangeSet changeSet) {}

  /**
   * A runner.
   *
   * @param gates say how much time there is, whether checks that do not hold are in the way, and
   *     how data steps spare the server
   */
  ChangeSetRunner(
      Operation operation,
      Connection connection,
      FlywayHistory history,
      Inspector inspector,
      Gates gates) {
    this.operation = operation;
    this.connection = connection;
    this.history = history;
    this.inspector = inspector;
    this.dataSteps = gates.dataSteps();
    this.budget = gates.guards().budget();
    this.bindingChecks = gates.guards().binding();
  }

  /** Goes forward, called by Flyway; where it has begun a transaction, all happens in that. */
  @Override
  public void run(ChangeSet changeSet, Context context) throws SQLException {
    committed();
    requireTime(changeSet);
    boolean transactional = !connection.getAutoCommit();
    Checker checker = checker(changeSet, ScriptKind.APPLY);
    checker.begin();
    Progress progress = transactional ? Progress.none(changeSet.apply()) : progress(changeSet);
    Optional<String> catalogue =
        transactional || progress.begun()
            ? Optional.empty()
            : Optional.of(CatalogueLines.read(connection));
    RunLog log = begin(changeSet, ScriptKind.APPLY, transactional, catalogue);
    StatementRunner runner =
        new StatementRunner(operation, connection, log, changeSet.statementTimeout())
            .within(budget);
    try {
      if (!progress.begun()) {
        checker.before();
      }
      runner.run(changeSet.apply(), ScriptKind.APPLY, progress.done());
      runDataSteps(changeSet, log);
      runner.verify(changeSet.verify());
      checker.after(runner.state());
      runner.endSession();
      log.flush();
    } catch (MigratorException e) {
      failed(e, log, changeSet, transactional, runner);
      throw e;
    }
    uncommitted = Optional.of(new Uncommitted(log, changeSet));
  }

  /** Each has a transaction of its own for every batch; the journal has one entry for each step. */
  private void runDataSteps(ChangeSet changeSet, RunLog log) throws SQLException {
    if (changeSet.dataSteps().isEmpty()) {
      return;
    }
    MigratorSettings settings = operation.settings();
    // What the statements before have set is theirs.
    ScriptSession.end(connection);
    ScriptSession.begin(
        connection,
        settings.lockTimeout(),
        changeSet.statementTimeout().orElse(settings.statementTimeout()));
    DataStepTask task = new DataStepTask(operation, connection, log, dataSteps);
    for (int number = 1; number <= changeSet.dataSteps().size(); number++) {
      task.run(changeSet.version(), changeSet.dataSteps().get(number - 1), number);
    }
  }

  /** What was run last is committed: writes that down. */
  void committed() throws SQLException {
    if (uncommitted.isPresent()) {
      uncommitted.get().log().close(RunOutcome.DONE, Optional.empty());
      uncommitted = Optional.empty();
    }
  }

  /** What was run last could not be committed. */
  void notCommitted(RuntimeException failure) throws SQLException {
    boolean lost = failure instanceof UserFailure known && known.exitCode() == ExitCode.UNREACHABLE;
    if (uncommitted.isPresent() && !lost) {
      String message = String.valueOf(failure.getMessage());
      uncommitted.get().log().close(RunOutcome.UNDONE, Optional.of(message));
      operation
          .journal()
          .raise(
              operation.id(),
              uncommitted.get().changeSet().version(),
              FailureState.FAILED_AND_ROLLED_BACK,
              message);
    }
  }

  /**
   * Goes back, in one transaction wherever Postgres allows.
   *
   * @param whole whether all of the change set is there; else only what there is of it is undone,
   *     and the catalogue must then be what it was before
   * @param flagged whether it must not be applied again before a person has said so
   * @return how many statements were executed
   */
  int rollback(ChangeSet changeSet, boolean whole, boolean flagged) throws SQLException {
    Progress begun = whole ? Progress.none(changeSet.apply()) : progress(changeSet);
    boolean nothingToUndo =
        !whole && (changeSet.transactional() || !begun.begun()) && !dataStepsBegun(changeSet);
    Progress undone =
        changeSet.transactional()
            ? Progress.none(changeSet.rollback())
            : inspector.progress(connection, operation.journal(), changeSet, ScriptKind.ROLLBACK);
    Checker checker = checker(changeSet, ScriptKind.ROLLBACK);
    Rollback rollback =
        new Rollback(changeSet, whole, flagged, nothingToUndo, undone.done(), checker);
    requireTime(changeSet);
    connection.setAutoCommit(false);
    checker.begin();
    RunLog log = begin(changeSet, ScriptKind.ROLLBACK, true, Optional.empty());
    try {
      return rollback.run(log);
    } catch (MigratorException e) {
      if (changeSet.transactional()
          || !(e.getCause() instanceof SQLException cause)
          || !SqlFailures.wantsNoTransaction(cause)) {
        throw e;
      }
      connection.rollback();
      connection.setAutoCommit(true);
      operation.journal().continueWithoutTransaction(log.run());
      return rollback.run(log);
    } finally {
      if (!connection.isClosed()) {
        connection.setAutoCommit(true);
      }
    }
  }

  /** How to go back. */
  private final class Rollback {
    private final ChangeSet changeSet;
    private final boolean whole;
    private final boolean flagged;
    private final boolean nothingToUndo;
    private final Set<Integer> undone;
    private final Checker checker;

    private Rollback(
        ChangeSet changeSet,
        boolean whole,
        boolean flagged,
        boolean nothingToUndo,
        Set<Integer> undone,
        Checker checker) {
      this.changeSet = changeSet;
      this.whole = whole;
      this.flagged = flagged;
      this.nothingToUndo = nothingToUndo;
      this.undone = undone;
      this.checker = checker;
    }

    private int run(RunLog log) throws SQLException {
      boolean transactional = !connection.getAutoCommit();
      StatementRunner runner =
          new StatementRunner(operation, connection, log, changeSet.statementTimeout())
              .within(budget);
      try {
        if (whole && undone.isEmpty()) {
          checker.before();
        }
        if (!nothingToUndo) {
          runner = whole && undone.isEmpty() ? runner : runner.tolerant();
          runner.run(changeSet.rollback(), ScriptKind.ROLLBACK, undone);
        }
        if (!whole && !nothingToUndo) {
          wantStateBefore(transactional);
        }
        if (whole) {
          checker.after(runner.state());
        }
        runner.endSession();
        log.flush();
        connection.setAutoCommit(false);
        history.forget(connection, changeSet.version());
        ProgressTable.forget(connection, changeSet.version());
        if (flagged) {
          Journal.raise(
              connection,
              operation.id(),
              changeSet.version(),
              FailureState.ROLLED_BACK,
              "it had not been applied as a whole, and what there was of it was rolled back");
        }
        Journal.endRun(connection, log.run(), RunOutcome.DONE, Optional.empty());
        connection.commit();
        log.closed(RunOutcome.DONE);
        return runner.done();
      } catch (MigratorException e) {
        if (transactional
            && !changeSet.transactional()
            && e.getCause() instanceof SQLException cause
            && SqlFailures.wantsNoTransaction(cause)) {
          throw e;
        }
        failed(e, log, changeSet, transactional, runner);
        throw e;
      }
    }

    private void wantStateBefore(boolean transactional) throws SQLException {
      Optional<String> before = operation.journal().catalogueBefore(changeSet.version());
      if (before.isEmpty()) {
        return;
      }
      String difference = CatalogueLines.difference(before.get(), CatalogueLines.read(connection));
      if (!difference.isEmpty()) {
        throw MigratorFailures.rollbackNotExact(
            changeSet.name(),
            difference,
            transactional ? "the rollback was undone" : "its statements are executed");
      }
    }
  }

  private Checker checker(ChangeSet changeSet, ScriptKind kind) {
    return new Checker(operation, connection, changeSet, kind, bindingChecks);
  }

  private void requireTime(ChangeSet changeSet) {
    if (budget.exceeded()) {
      throw MigratorFailures.overBudget(
          budget.words(), changeSet.name(), "it was not begun, and those before it are done");
    }
  }

  private Progress progress(ChangeSet changeSet) throws SQLException {
    if (changeSet.transactional()) {
      return Progress.none(changeSet.apply());
    }
    Progress progress =
        inspector.progress(connection, operation.journal(), changeSet, ScriptKind.APPLY);
    if (progress.is(Evidence.Verdict.DONE)) {
      operation
          .journal()
          .settleStatement(
              progress.doubtful().orElseThrow().id(), true, "found done after an interruption");
    }
    return progress;
  }

  /** Runs a script of the migrator's own in one transaction. */
  void runByItself(String name, String description, Script script) throws SQLException {
    connection.setAutoCommit(false);
    RunLog log =
        begin(name, description, ScriptKind.APPLY, script, true, Optional.empty(), List.of());
    try {
      StatementRunner runner = new StatementRunner(operation, connection, log, Optional.empty());
      runner.run(script, ScriptKind.APPLY, Set.of());
      runner.endSession();
      connection.commit();
      log.close(RunOutcome.DONE, Optional.empty());
    } catch (MigratorException e) {
      if (e.exitCode() != ExitCode.UNREACHABLE) {
        connection.rollback();
        log.close(RunOutcome.UNDONE, Optional.of(e.getMessage()));
      }
      throw e;
    } finally {
      if (!connection.isClosed()) {
        connection.setAutoCommit(true);
      }
    }
  }

  private RunLog begin(
      ChangeSet changeSet, ScriptKind kind, boolean transactional, Optional<String> catalogue)
      throws SQLException {
    return begin(
        changeSet.version(),
        changeSet.description(),
        kind,
        kind == ScriptKind.APPLY ? changeSet.apply() : changeSet.rollback(),
        transactional,
        catalogue,
        changeSet.touchedTables());
  }

  private RunLog begin(
      String version,
      String description,
      ScriptKind kind,
      Script script,
      boolean transactional,
      Optional<String> catalogue,
      List<String> tables)
      throws SQLException {
    RunStart start =
        new RunStart(
            version,
            description,
            kind,
            script.checksum(),
            script.statements().size(),
            transactional,
            Session.of(connection),
            catalogue);
    long run = operation.journal().beginRun(operation.id(), start);
    operation.observer().runBegins(run, start, tables);
    return new RunLog(operation.journal(), run, kind, operation.observer());
  }

  private boolean dataStepsBegun(ChangeSet changeSet) throws SQLException {
    return ProgressTable.of(connection, changeSet.version()).stream()
        .anyMatch(progress -> progress.finished() || progress.position().isPresent());
  }

  /** Writes down what a failure leaves; where the connection is lost, nobody knows yet. */
  private void failed(
      MigratorException failure,
      RunLog log,
      ChangeSet changeSet,
      boolean transactional,
      StatementRunner runner)
      throws SQLException {
    if (failure.exitCode() == ExitCode.UNREACHABLE) {
      log.tryToFlush();
      return;
    }
    if (transactional) {
      connection.rollback();
    }
    boolean apply = log.kind() == ScriptKind.APPLY;
    boolean partLeft =
        !transactional
            && (runner.done() > 0
                || runner.leftInvalidIndex()
                || apply && dataStepsBegun(changeSet));
    log.close(partLeft ? RunOutcome.STOPPED : RunOutcome.UNDONE, Optional.of(failure.getMessage()));
    if (failure.exitCode() == ExitCode.BUSY
        || failure.exitCode() == ExitCode.REFUSED
        || GOES_ON.contains(failure.code())) {
      return;
    }
    FailureState state;
    if (!apply) {
      state = FailureState.ROLLBACK_FAILED;
    } else if (runner.leftInvalidIndex()) {
      state = FailureState.INVALID_INDEX;
    } else {
      state = partLeft ? FailureState.FAILED_PART_WAY : FailureState.FAILED_AND_ROLLED_BACK;
    }
    operation
        .journal()
        .raise(
            operation.id(),
            changeSet.version(),
            state,
            failure.problem() + ": " + failure.reason());
  }
}
