package dev.tidemark.migrator.state;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;

/**
 * One session of the server, told apart from all before and after it.
 *
 * @param pid process number of its backend
 * @param startedAt when it began, to the microsecond, by the server's clock
 */
public record Session(int pid, OffsetDateTime startedAt) {
  /** The session behind a connection. */
  public static Session of(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()")) {
      rows.next();
      return new Session(rows.getInt(1), rows.getObject(2, OffsetDateTime.class));
    }
  }
}
