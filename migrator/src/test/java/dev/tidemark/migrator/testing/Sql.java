package dev.tidemark.migrator.testing;

import dev.tidemark.migrator.postgres.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** SQL in one line of a test. */
public final class Sql {
  private Sql() {}

  /** Executes statements on a connection of their own. */
  public static void execute(Database database, String... statements) throws SQLException {
    try (Connection connection = database.connect()) {
      execute(connection, statements);
    }
  }

  /** Executes statements on a connection that stays open. */
  public static void execute(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The first column of every row, as text. */
  public static List<String> column(Database database, String query) throws SQLException {
    try (Connection connection = database.connect()) {
      return column(connection, query);
    }
  }

  /** The first column of every row, as text. */
  public static List<String> column(Connection connection, String query) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  /** The one value of a query with one row and one column, as text. */
  public static String value(Database database, String query) throws SQLException {
    return only(column(database, query), query);
  }

  /** The one value of a query with one row and one column, as text. */
  public static String value(Connection connection, String query) throws SQLException {
    return only(column(connection, query), query);
  }

  private static String only(List<String> values, String query) {
    if (values.size() != 1) {
      throw new AssertionError(values.size() + " rows of " + query);
    }
    return values.get(0);
  }
}
