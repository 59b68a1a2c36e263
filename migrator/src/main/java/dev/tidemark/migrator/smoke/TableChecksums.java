package dev.tidemark.migrator.smoke;

import dev.tidemark.migrator.postgres.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;

/** What tables hold, in one short text each. */
final class TableChecksums {
  private TableChecksums() {}

  /** Number of rows and a checksum that their order does not change, by schema.table. */
  static Map<String, String> of(Database database) throws SQLException {
    Map<String, String> checksums = new TreeMap<>();
    try (Connection connection = database.connect()) {
      for (String table : Tables.ofUsers(connection)) {
        try (Statement statement = connection.createStatement();
            ResultSet rows =
                statement.executeQuery(
                    "SELECT count(*), sum(hashtextextended(row::text, 0)::numeric) FROM %s AS row"
                        .formatted(table))) {
          rows.next();
          checksums.put(table, rows.getString(1) + "/" + rows.getString(2));
        }
      }
    }
    return checksums;
  }
}
