package dev.tidemark.migrator.guard;

import dev.tidemark.migrator.changeset.Check;
import dev.tidemark.migrator.sql.SqlFailures;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** Asks the database for one value, and changes nothing there. */
public final class Question {
  private Question() {}

  /**
   * What came of a question.
   *
   * @param met whether it is as expected
   * @param found what was found, in words
   * @param executed whether the database could answer at all
   */
  public record Answer(boolean met, String found, boolean executed) {}

  /**
   * Asks whether a check holds.
   *
   * @param connection in autocommit mode or within a transaction, which goes on as if nothing had
   *     been asked
   * @param placeholders values for <code>${name}</code>
   * @throws SQLException if the connection is lost
   */
  public static Answer ask(
      Connection connection, Check check, String file, Map<String, String> placeholders)
      throws SQLException {
    String sql = check.query().filled(file, placeholders);
    try {
      return inReadOnly(connection, () -> answer(connection, sql, check));
    } catch (SQLException e) {
      if (SqlFailures.isAboutConnection(e)) {
        throw e;
      }
      return new Answer(
          false, "it failed with SQLSTATE " + e.getSQLState() + ": " + e.getMessage(), false);
    }
  }

  /** The answer of a query. */
  public interface Work<T> {
    T run() throws SQLException;
  }

  /** Does some reading as the role that logged in, and undoes whatever else it did. */
  public static <T> T inReadOnly(Connection connection, Work<T> work) throws SQLException {
    boolean alone = connection.getAutoCommit();
    if (alone) {
      connection.setAutoCommit(false);
    }
    try {
      execute(
          connection,
          (alone ? "" : "SAVEPOINT tidemark_question; ")
              + "SET LOCAL transaction_read_only = on; SET LOCAL ROLE NONE");
      return work.run();
    } finally {
      if (!connection.isClosed()) {
        if (alone) {
          connection.rollback();
          connection.setAutoCommit(true);
        } else {
          execute(
              connection,
              "ROLLBACK TO SAVEPOINT tidemark_question; RELEASE SAVEPOINT tidemark_question");
        }
      }
    }
  }

  private static Answer answer(Connection connection, String sql, Check check) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      if (!statement.execute(sql)) {
        return new Answer(false, "it is no query", false);
      }
      return answer(statement.getResultSet(), check);
    }
  }

  private static Answer answer(ResultSet rows, Check check) throws SQLException {
    if (rows.getMetaData().getColumnCount() != 1 || !rows.next()) {
      return new Answer(false, "it gave no single value", false);
    }
    String value = rows.getString(1);
    if (value != null && rows.getMetaData().getColumnTypeName(1).equals("bool")) {
      value = value.equals("t") ? "true" : "false";
    }
    if (rows.next()) {
      return new Answer(false, "it gave more than one row", false);
    }
    return new Answer(
        check.expect().isMetBy(value),
        "it gave %s, expected is %s".formatted(value, check.expect()),
        true);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
