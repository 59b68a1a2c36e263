package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.sql.SqlFailures;
import dev.tidemark.migrator.sql.SqlResource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to change the schema of a database, or its rows as a whole: a session-level advisory
 * lock on a connection of its own, which also serves to look at who is in the way of the working
 * connection.
 */
public final class OperationLock implements AutoCloseable {
  /** "tide" and "mark" in ASCII: the two halves of the lock's key. */
  private static final int KEY_HIGH = 0x74696465;

  private static final int KEY_LOW = 0x6d61726b;
  private static final int ATTEMPTS = 10;
  private static final int PAUSE_MILLIS = 100;

  private static final Logger LOG = LoggerFactory.getLogger(OperationLock.class);

  private final Connection connection;

  private OperationLock(Connection connection) {
    this.connection = connection;
  }

  /**
   * Takes the lock.
   *
   * @throws dev.tidemark.migrator.failure.MigratorException naming the holder if another has it; or
   *     if a pooler would let the lock go with the next statement
   */
  public static OperationLock take(Database database) {
    Connection connection = database.connect();
    try {
      PoolerCheck.refusePooledTransactions(database, connection);
      if (!tryLockPatiently(connection)) {
        throw MigratorFailures.busy(
            database.address(), holder(connection).orElse("its session has just ended"));
      }
      return new OperationLock(connection);
    } catch (SQLException e) {
      close(connection);
      throw SqlFailures.ofOurs(database, e);
    } catch (RuntimeException e) {
      close(connection);
      throw e;
    }
  }

  /** The session that has the lock, in words. */
  static Optional<String> holder(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(SqlResource.read(OperationLock.class, "lock-holder.sql"))) {
      statement.setInt(1, KEY_HIGH);
      statement.setInt(2, KEY_LOW);
      return texts(statement).stream().findFirst();
    }
  }

  /**
   * A session that waits for a lock.
   *
   * @param since when it began to, which tells one wait from the next
   * @param length how long it has waited up to now
   * @param blockers the sessions it waits for, in words
   */
  record Wait(String since, Duration length, Optional<String> blockers) {}

  /** The connection that has the lock: what it cannot do, nobody may do. */
  Connection connection() {
    return connection;
  }

  /** What a session waits for right now; empty if it waits for no lock. */
  synchronized Optional<Wait> waitOf(int session) {
    try (PreparedStatement statement =
        connection.prepareStatement(SqlResource.read(OperationLock.class, "lock-wait.sql"))) {
      statement.setInt(1, session);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        String since = rows.getString(1);
        return since == null
            ? Optional.empty()
            : Optional.of(new Wait(since, Duration.ofMillis(rows.getLong(2)), blockers(session)));
      }
    } catch (SQLException e) {
      LOG.debug("While looking at session {}", session, e);
      return Optional.empty();
    }
  }

  private Optional<String> blockers(int session) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            SqlResource.read(OperationLock.class, "blocking-sessions.sql"))) {
      statement.setInt(1, session);
      List<String> sessions = texts(statement);
      return sessions.isEmpty() ? Optional.empty() : Optional.of(String.join("; and ", sessions));
    }
  }

  @Override
  public synchronized void close() {
    // The server ends a closed session in its own time; the next migrator need not wait for that.
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_advisory_unlock_all()")) {
      statement.execute();
    } catch (SQLException e) {
      LOG.debug("While unlocking", e);
    }
    close(connection);
  }

  /** The session of a migrator that was killed takes the server a moment to notice. */
  private static boolean tryLockPatiently(Connection connection) throws SQLException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (tryLock(connection)) {
        return true;
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return false;
  }

  private static boolean tryLock(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_try_advisory_lock(?, ?)")) {
      statement.setInt(1, KEY_HIGH);
      statement.setInt(2, KEY_LOW);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() && rows.getBoolean(1);
      }
    }
  }

  private static List<String> texts(PreparedStatement statement) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }

  /** The end of the session gives the lock back, whatever happens to the message. */
  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("While closing", e);
    }
  }
}
