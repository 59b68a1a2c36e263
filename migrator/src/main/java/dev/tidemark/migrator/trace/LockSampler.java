package dev.tidemark.migrator.trace;

import dev.tidemark.migrator.postgres.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;

/**
 * Sees the locks of a statement that cannot share a transaction, and whose locks are gone when it
 * ends. Two sessions stand in its way, one after the other, so that it has to show what it wants: a
 * maintenance session, which every statement of this kind waits for, and a writer, which it waits
 * for again before its last step.
 */
final class LockSampler implements AutoCloseable {
  private static final long PATIENCE_NANOS = 2_000_000_000L;

  private final Connection observer;
  private final Connection maintenance;
  private final Connection writer;
  private final int session;
  private final Set<TableLock> seen = new LinkedHashSet<>();

  /**
   * Stands in the way of a session.
   *
   * @param tables that the statement may work on
   */
  LockSampler(Database database, int session, List<CatalogueObject> tables) throws SQLException {
    this.session = session;
    this.observer = database.connect();
    this.maintenance = holding(database, tables, LockMode.SHARE_UPDATE_EXCLUSIVE);
    this.writer = holding(database, tables, LockMode.ROW_EXCLUSIVE);
  }

  /** Lets the statement through step by step, until it is done. */
  List<TableLock> watch(Future<?> statement) throws SQLException {
    awaitBlocked(statement);
    sample();
    maintenance.rollback();
    awaitBlocked(statement);
    sample();
    writer.rollback();
    while (!statement.isDone()) {
      sample();
      pause();
    }
    return List.copyOf(seen);
  }

  @Override
  public void close() throws SQLException {
    writer.close();
    maintenance.close();
    observer.close();
  }

  private static Connection holding(Database database, List<CatalogueObject> tables, LockMode mode)
      throws SQLException {
    Connection connection = database.connect();
    connection.setAutoCommit(false);
    try (Statement lock = connection.createStatement()) {
      for (CatalogueObject table : tables) {
        lock.execute("LOCK TABLE %s IN %s MODE".formatted(table.name(), mode.words()));
      }
    }
    return connection;
  }

  private void awaitBlocked(Future<?> statement) throws SQLException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!statement.isDone() && !isBlocked() && System.nanoTime() < deadline) {
      pause();
    }
  }

  private boolean isBlocked() throws SQLException {
    try (PreparedStatement query =
        observer.prepareStatement(
            "SELECT FROM pg_stat_activity WHERE pid = ? AND wait_event_type = 'Lock'")) {
      query.setInt(1, session);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next();
      }
    }
  }

  private void sample() throws SQLException {
    seen.addAll(Tracer.locks(observer, session));
  }

  private static void pause() {
    try {
      Thread.sleep(2);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while watching locks", e);
    }
  }
}
