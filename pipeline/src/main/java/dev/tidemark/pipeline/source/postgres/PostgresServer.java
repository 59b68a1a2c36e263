package dev.tidemark.pipeline.source.postgres;

import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.sql.SqlResource;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * How to reach the database that holds {@code usage_events}; travels to the executors.
 *
 * @param jdbcUrl a {@code jdbc:postgresql:} URL
 * @param user null where the URL names the user
 * @param password null where none is needed
 */
public record PostgresServer(String jdbcUrl, String user, String password) implements Serializable {
  private static final SqlResource HIDDEN_ROWS =
      SqlResource.of(PostgresServer.class, "hidden-rows.sql");

  /**
   * Opens a connection in autocommit mode.
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException if the server is out of reach or
   *     refuses
   */
  public Connection connect() {
    Properties properties = new Properties();
    if (user != null) {
      properties.setProperty("user", user);
    }
    if (password != null) {
      properties.setProperty("password", password);
    }
    properties.setProperty("ApplicationName", "tidemark");
    properties.setProperty("connectTimeout", "10");
    try {
      return DriverManager.getConnection(jdbcUrl, properties);
    } catch (SQLException e) {
      throw PipelineFailures.databaseOutOfReach(jdbcUrl, e);
    }
  }

  /**
   * Begins a transaction that sees what an exported snapshot shows, and no fewer rows for want of a
   * right (EX-2, EX-5). It ends with its connection.
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException if row-level security may hide rows
   */
  static void join(Connection connection, String snapshot) throws SQLException {
    refuseHiddenRows(connection, "usage_events");
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      statement.execute("SET TRANSACTION SNAPSHOT '" + snapshot + "'");
    }
  }

  /**
   * Refuses to go on where row-level security may hide rows of a table from the user (EX-5).
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException if it may
   */
  public static void refuseHiddenRows(Connection connection, String table) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(HIDDEN_ROWS.text())) {
      query.setString(1, table);
      try (ResultSet hidden = query.executeQuery()) {
        if (hidden.next()) {
          throw PipelineFailures.rowsHidden(hidden.getString(1), hidden.getString(2));
        }
      }
    }
  }

  @Override
  public String toString() {
    return jdbcUrl;
  }
}
