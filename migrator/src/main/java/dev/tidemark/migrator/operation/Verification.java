package dev.tidemark.migrator.operation;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * What a statement of verify.sql gave.
 *
 * @param found empty if it is one row with one true boolean; else what it is, in words
 * @param failure what Postgres refused it with
 */
record Verification(String found, Optional<SQLException> failure) {
  /** Executes a statement that should give one true boolean. */
  static Verification of(Connection connection, String sql) {
    try (Statement query = connection.createStatement()) {
      query.setEscapeProcessing(false);
      String found =
          query.execute(sql) ? verdict(query.getResultSet()) : "no rows, as it is no query,";
      return new Verification(found, Optional.empty());
    } catch (SQLException e) {
      return new Verification(
          "it failed with SQLSTATE " + e.getSQLState() + ": " + e.getMessage(), Optional.of(e));
    }
  }

  boolean holds() {
    return found.isEmpty();
  }

  private static String verdict(ResultSet rows) throws SQLException {
    if (!rows.next()) {
      return "it gave no row";
    }
    String value = rows.getString(1);
    String type = rows.getMetaData().getColumnTypeName(1);
    if (rows.getMetaData().getColumnCount() != 1 || !type.equals("bool")) {
      return "it gave a row that is not one boolean";
    }
    if (rows.next()) {
      return "it gave more than one row";
    }
    return "t".equals(value) ? "" : "it gave " + ("f".equals(value) ? "false" : "null");
  }
}
