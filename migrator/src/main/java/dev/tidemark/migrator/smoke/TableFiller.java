package dev.tidemark.migrator.smoke;

import dev.tidemark.migrator.postgres.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a few rows into tables that have none: a plausible value for each column that must have one.
 * Where a constraint refuses them, the table stays empty.
 */
final class TableFiller {
  private static final Logger LOG = LoggerFactory.getLogger(TableFiller.class);
  private static final int ROWS = 20;
  private static final int ROUNDS = 3;

  private final Database database;
  private final Set<String> filled = new HashSet<>();

  TableFiller(Database database) {
    this.database = database;
  }

  /** How many tables have rows of ours. */
  int filled() {
    return filled.size();
  }

  /** Fills what is empty; tables that refer to others have their turn after those. */
  void fill() throws SQLException {
    try (Connection connection = database.connect()) {
      for (int round = 0; round < ROUNDS; round++) {
        for (String table : Tables.ofUsers(connection)) {
          if (!filled.contains(table)) {
            fill(connection, table);
          }
        }
      }
    }
  }

  private void fill(Connection connection, String table) throws SQLException {
    List<String> names = new ArrayList<>();
    List<String> values = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(Tables.resource("columns.sql"))) {
      query.setString(1, table);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          names.add(rows.getString(1));
          values.add(rows.getString(2));
        }
      }
    }
    String insert =
        names.isEmpty()
            ? "INSERT INTO %s DEFAULT VALUES".formatted(table)
            : "INSERT INTO %s (%s) SELECT %s FROM generate_series(1, %d) AS n ON CONFLICT DO NOTHING"
                .formatted(table, String.join(", ", names), String.join(", ", values), ROWS);
    try (Statement statement = connection.createStatement()) {
      if (statement.executeUpdate(insert) > 0) {
        filled.add(table);
      }
    } catch (SQLException e) {
      LOG.debug("{} stays empty", table, e);
    }
  }
}
