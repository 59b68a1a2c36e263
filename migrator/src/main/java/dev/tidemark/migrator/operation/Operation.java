package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.UserFailure;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.sql.SqlFailures;
import dev.tidemark.migrator.state.Actor;
import dev.tidemark.migrator.state.Journal;
import dev.tidemark.migrator.state.MigratorState;
import dev.tidemark.migrator.state.OperationKind;
import dev.tidemark.migrator.state.OperationOutcome;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * One operation that may change the schema. It holds the migrator's lock from its beginning to its
 * end and keeps the journal on the connection that has the lock: if that session is lost, so is the
 * right to go on.
 */
final class Operation implements AutoCloseable {
  private static final Set<ExitCode> UNFINISHED =
      EnumSet.of(ExitCode.DEFECT, ExitCode.UNREACHABLE, ExitCode.PARTIAL);

  private final Database database;
  private final MigratorSettings settings;
  private final OperationObserver observer;
  private final OperationLock lock;
  private final LockWatch watch;
  private final Journal journal;
  private final UUID id;

  private Operation(
      Database database,
      MigratorSettings settings,
      OperationObserver observer,
      OperationLock lock,
      OperationKind kind,
      Optional<String> reason)
      throws SQLException {
    this.database = database;
    this.settings = settings;
    this.observer = observer;
    this.lock = lock;
    this.watch = new LockWatch(lock);
    MigratorState.ensure(lock.connection());
    this.journal = new Journal(lock.connection());
    this.id = journal.beginOperation(kind, Actor.here(settings.actor()), reason);
  }

  /** What is done while an operation holds the lock. */
  interface Work<T> {
    T run(Operation operation) throws SQLException;
  }

  /**
   * Does some work as an operation and writes down how it ended.
   *
   * @param reason why a person wants it, in that person's words
   * @throws dev.tidemark.migrator.failure.MigratorException if another migrator is at work, if the
   *     connection goes through a pooler in transaction mode, or whatever the work throws
   */
  static <T> T perform(
      Database database,
      MigratorSettings settings,
      OperationObserver observer,
      OperationKind kind,
      Optional<String> reason,
      Work<T> work) {
    observer.operationBegins(kind, database);
    try {
      T result = locked(database, settings, observer, kind, reason, work);
      observer.operationEnds(Optional.empty());
      return result;
    } catch (RuntimeException | Error e) {
      observer.operationEnds(Optional.of(e));
      throw e;
    }
  }

  private static <T> T locked(
      Database database,
      MigratorSettings settings,
      OperationObserver observer,
      OperationKind kind,
      Optional<String> reason,
      Work<T> work) {
    try (OperationLock lock = OperationLock.take(database);
        Operation operation = new Operation(database, settings, observer, lock, kind, reason)) {
      return operation.perform(work);
    } catch (SQLException e) {
      throw SqlFailures.ofOurs(database, e);
    }
  }

  private <T> T perform(Work<T> work) throws SQLException {
    try {
      T result = work.run(this);
      journal.endOperation(id, OperationOutcome.DONE, Optional.empty());
      return result;
    } catch (SQLException | RuntimeException e) {
      boolean refused = e instanceof UserFailure known && !UNFINISHED.contains(known.exitCode());
      try {
        journal.endOperation(
            id,
            refused ? OperationOutcome.REFUSED : OperationOutcome.FAILED,
            Optional.ofNullable(e.getMessage()));
      } catch (SQLException alsoLost) {
        e.addSuppressed(alsoLost);
      }
      throw e;
    }
  }

  Database database() {
    return database;
  }

  MigratorSettings settings() {
    return settings;
  }

  OperationObserver observer() {
    return observer;
  }

  Journal journal() {
    return journal;
  }

  LockWatch watch() {
    return watch;
  }

  UUID id() {
    return id;
  }

  @Override
  public void close() {
    watch.close();
  }
}
