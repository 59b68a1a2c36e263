package dev.tidemark.migrator.smoke;

import dev.tidemark.migrator.sql.SqlResource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The tables that change sets have made. */
final class Tables {
  private Tables() {}

  /** Every one that is no partition, by its quoted name; those that are referred to come first. */
  static List<String> ofUsers(Connection connection) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(resource("tables.sql"))) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    return tables;
  }

  static String resource(String name) {
    return SqlResource.read(Tables.class, name);
  }
}
