package dev.tidemark.migrator.datastep;

import dev.tidemark.migrator.changeset.DataStep;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.sql.SqlResource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table that is walked by a key.
 *
 * @param name quoted where it has to be
 * @param key the column, quoted where it has to be
 * @param type of the key
 */
record WalkedTable(String name, String key, String type) {
  private static final Set<String> TYPES =
      Set.of(
          "uuid",
          "smallint",
          "integer",
          "bigint",
          "text",
          "character varying",
          "date",
          "timestamp without time zone",
          "timestamp with time zone");

  private static final Pattern PLAN_ROWS = Pattern.compile("\"Plan Rows\": *([0-9]+)");

  /**
   * Looks the table up.
   *
   * @param place the step's name, for messages
   * @throws MigratorException if a walk would miss rows or read the whole table for each batch
   */
  static WalkedTable of(Connection connection, DataStep step, String place) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(SqlResource.read(WalkedTable.class, "walked-table.sql"))) {
      statement.setString(1, step.table());
      statement.setString(2, step.key());
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          throw MigratorFailures.badDataStepKey(
              place, "there is no table " + step.table() + " with a column " + step.key());
        }
        String type = rows.getString("key_type");
        String column = step.table() + "." + step.key();
        if (!TYPES.contains(type)) {
          throw MigratorFailures.badDataStepKey(place, column + " is of type " + type);
        }
        if (!rows.getBoolean("never_null")) {
          throw MigratorFailures.badDataStepKey(
              place, column + " may be null, and rows without a key would be passed over");
        }
        if (!rows.getBoolean("indexed")) {
          throw MigratorFailures.badDataStepKey(
              place, "no index begins with " + column + ": each batch would read the whole table");
        }
        return new WalkedTable(rows.getString("table_name"), rows.getString("key_name"), type);
      }
    }
  }

  /** How many rows it has, as the planner guesses from its size. */
  long expectedRows(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement("EXPLAIN (FORMAT JSON) SELECT FROM " + name);
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      Matcher matcher = PLAN_ROWS.matcher(rows.getString(1));
      return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }
  }

  /** A query of one row by its key, as others execute them all the time. */
  String oneRow() {
    return "SELECT %2$s FROM %1$s ORDER BY %2$s LIMIT 1".formatted(name, key);
  }

  /**
   * The next keys.
   *
   * @param walked how many they are
   * @param last the greatest, as text
   * @param from the smallest, as a literal
   * @param to the greatest, as a literal
   */
  record Range(long walked, String last, String from, String to) {
    @Override
    public String toString() {
      return from + " to " + to;
    }
  }

  /** The keys after a position; empty if there are none. */
  Optional<Range> next(Connection connection, Optional<String> position, long keys)
      throws SQLException {
    String after = position.isEmpty() ? "" : "WHERE %s > ?::%s".formatted(key, type);
    String sql = SqlResource.read(WalkedTable.class, "next-keys.sql").formatted(key, name, after);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int parameter = 1;
      if (position.isPresent()) {
        statement.setString(parameter++, position.get());
      }
      statement.setLong(parameter, keys);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        long walked = rows.getLong("walked");
        return walked == 0
            ? Optional.empty()
            : Optional.of(
                new Range(
                    walked,
                    rows.getString("last"),
                    rows.getString("first_literal") + "::" + type,
                    rows.getString("last_literal") + "::" + type));
      }
    }
  }
}
