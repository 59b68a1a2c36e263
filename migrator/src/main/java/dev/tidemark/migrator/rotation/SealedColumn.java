package dev.tidemark.migrator.rotation;

import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.sql.SqlResource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A column that holds encrypted values, as the catalogue knows it: by its name, so that none is
 * forgotten.
 *
 * @param table name without schema
 * @param ciphertext name of the column
 * @param keyId name of the column that names the key
 * @param hash name of the column with the hash of the same address; empty if it is no address
 */
record SealedColumn(String table, String ciphertext, String keyId, Optional<String> hash) {
  /** Those of the schema that the connection works in, by name. */
  static List<SealedColumn> all(Connection connection) throws SQLException {
    List<SealedColumn> columns = new ArrayList<>();
    String query = SqlResource.read(SealedColumn.class, "sealed-columns.sql");
    try (PreparedStatement statement = connection.prepareStatement(query);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        String table = rows.getString("table_name");
        String ciphertext = rows.getString("ciphertext");
        String keyId = rows.getString("key_id");
        if (keyId == null) {
          throw MigratorFailures.noKeyIdColumn(table + "." + ciphertext);
        }
        columns.add(
            new SealedColumn(
                table, ciphertext, keyId, Optional.ofNullable(rows.getString("hash"))));
      }
    }
    return columns;
  }

  String name() {
    return table + "." + ciphertext;
  }

  /** How many values each key encrypts. */
  String countByKey() {
    return "SELECT %s, count(*) FROM %s WHERE %s IS NOT NULL GROUP BY 1 ORDER BY 1"
        .formatted(keyId, table, ciphertext);
  }

  /**
   * The next rows after an id, held for this transaction.
   *
   * @param everyKey whether rows under the primary key are wanted too
   * @param readOnly whether they are not to be held
   */
  String nextBatch(boolean everyKey, boolean readOnly) {
    return SqlResource.read(SealedColumn.class, "next-batch.sql")
        .formatted(
            keyId,
            ciphertext,
            hash.orElse("NULL::bytea"),
            table,
            everyKey ? "" : "AND " + keyId + " IS DISTINCT FROM ?",
            readOnly ? "" : "FOR UPDATE");
  }

  String update() {
    return hash.isEmpty()
        ? "UPDATE %s SET %s = ?, %s = ? WHERE id = ?".formatted(table, ciphertext, keyId)
        : "UPDATE %s SET %s = ?, %s = ?, %s = ? WHERE id = ?"
            .formatted(table, ciphertext, keyId, hash.get());
  }
}
