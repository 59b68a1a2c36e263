package dev.tidemark.migrator.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs the queries that lie beside this class. */
final class Rows {
  private Rows() {}

  /** The rows of a query without parameters. */
  static List<Row> of(Connection connection, String resource) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(text(resource))) {
      return of(statement);
    }
  }

  /**
   * The rows of a query.
   *
   * @param schemas the value of its one parameter
   */
  static List<Row> of(Connection connection, String resource, List<String> schemas)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(text(resource))) {
      statement.setArray(1, connection.createArrayOf("text", schemas.toArray()));
      return of(statement);
    }
  }

  private static List<Row> of(PreparedStatement statement) throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery()) {
      while (result.next()) {
        rows.add(Row.of(result));
      }
    }
    return rows;
  }

  static void execute(Connection connection, String resource) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(text(resource));
    }
  }

  private static String text(String resource) {
    try (InputStream stream = Rows.class.getResourceAsStream(resource)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One row, its values by the names of their columns. */
  record Row(Map<String, Object> values) {
    private static Row of(ResultSet result) throws SQLException {
      Map<String, Object> values = new HashMap<>();
      for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
        Object value = result.getObject(i);
        values.put(
            result.getMetaData().getColumnLabel(i),
            value instanceof Array array ? List.of((String[]) array.getArray()) : value);
      }
      return new Row(values);
    }

    String text(String column) {
      return (String) values.get(column);
    }

    Optional<String> optional(String column) {
      return Optional.ofNullable(text(column));
    }

    boolean flag(String column) {
      return (Boolean) values.get(column);
    }

    @SuppressWarnings("unchecked")
    List<String> texts(String column) {
      return (List<String>) values.get(column);
    }

    /** The object that the columns {@code schema} and the given one name. */
    ObjectName name(String column) {
      return new ObjectName(text("schema"), text(column));
    }
  }
}
