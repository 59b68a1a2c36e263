package dev.tidemark.migrator.governor;

import dev.tidemark.migrator.sql.SqlResource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A query from the file beside its signal, with one row. */
final class Query {
  private Query() {}

  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  static <T> T one(Connection connection, String file, Row<T> reader, Object... values)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(SqlResource.read(Query.class, file))) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return reader.read(rows);
      }
    }
  }
}
