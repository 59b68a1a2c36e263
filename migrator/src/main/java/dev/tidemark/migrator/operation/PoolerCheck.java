package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.postgres.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.postgresql.PGConnection;

/**
 * Tells a connection to a server from one to a pooler that gives each transaction another session.
 *
 * <p>A pooler invents the process number that it tells at the start. Where that is not the
 * session's, other connections take sessions out of the pool and keep them: a connection with a
 * session of its own does not notice.
 */
final class PoolerCheck {
  private static final int OTHERS = 3;
  private static final int PATIENCE_MILLIS = 5000;
  private static final String MARK = "tidemark.session";

  private PoolerCheck() {}

  /**
   * Refuses a connection that changes its session between transactions.
   *
   * @throws dev.tidemark.migrator.failure.MigratorException if it does
   */
  static void refusePooledTransactions(Database database, Connection connection)
      throws SQLException {
    int told = connection.unwrap(PGConnection.class).getBackendPID();
    String process = text(connection, "SELECT pg_backend_pid()");
    if (process.equals(String.valueOf(told))) {
      return;
    }
    Optional<String> evidence = evidence(database, connection);
    if (evidence.isPresent()) {
      throw MigratorFailures.pooledTransactions(database.address(), evidence.get());
    }
  }

  private static Optional<String> evidence(Database database, Connection connection)
      throws SQLException {
    String mark = UUID.randomUUID().toString();
    List<Connection> others = new ArrayList<>();
    try {
      for (int i = 0; i < OTHERS; i++) {
        Connection other = database.connect();
        other.setNetworkTimeout(Runnable::run, PATIENCE_MILLIS);
        other.setAutoCommit(false);
        others.add(other);
      }
      text(connection, "SELECT set_config('%s', '%s', false)".formatted(MARK, mark));
      String process = text(connection, "SELECT pg_backend_pid()");
      for (Connection other : others) {
        if (text(other, "SELECT pg_backend_pid()").equals(process)) {
          return Optional.of("two connections share the session " + process);
        }
      }
      connection.setNetworkTimeout(Runnable::run, PATIENCE_MILLIS);
      String now = text(connection, "SELECT pg_backend_pid()");
      String found =
          text(connection, "SELECT coalesce(current_setting('%s', true), '')".formatted(MARK));
      connection.setNetworkTimeout(Runnable::run, 0);
      if (!now.equals(process)) {
        return Optional.of(
            "one connection had the session %s and then the session %s".formatted(process, now));
      }
      return found.equals(mark)
          ? Optional.empty()
          : Optional.of("a setting of the session was gone with the next statement");
    } catch (SQLException e) {
      return Optional.of("a second connection was kept waiting: " + e.getMessage());
    } finally {
      for (Connection other : others) {
        other.close();
      }
    }
  }

  private static String text(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
