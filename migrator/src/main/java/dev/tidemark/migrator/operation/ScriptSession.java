package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.sql.SqlResource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A session as scripts meet it. */
final class ScriptSession {
  private ScriptSession() {}

  /**
   * Scripts see what the role sees, but never our own schema, which Flyway puts in front and which
   * "$user" means for a role of that name.
   */
  static void begin(Connection connection, Duration lockTimeout, Duration statementTimeout)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("RESET search_path");
    }
    try (PreparedStatement statement =
        connection.prepareStatement(SqlResource.read(ScriptSession.class, "script-session.sql"))) {
      statement.setString(1, String.valueOf(lockTimeout.toMillis()));
      statement.setString(2, String.valueOf(statementTimeout.toMillis()));
      statement.execute();
    }
  }

  /** Gives roles and settings back as they were when the connection was made. */
  static void end(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL");
    }
  }
}
