package dev.tidemark.migrator.audit;

import dev.tidemark.migrator.sql.SqlResource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The chain as it lies in the database. */
final class AuditTable {
  private AuditTable() {}

  /**
   * The end of the chain, and what the server says of the moment.
   *
   * @param number of the last entry; 0 if there is none
   * @param keyId the key that signed it
   * @param hash its hash, or what the first entry follows
   * @param role who is logged in
   * @param now in the words of {@link AuditEntry.Facts}
   */
  record Tail(long number, Optional<String> keyId, String hash, String role, String now) {}

  /** Which chain it is: one word that no other database has. */
  static String identity(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(SqlResource.read(AuditTable.class, "identity.sql"))) {
      rows.next();
      return rows.getString(1);
    }
  }

  static Tail tail(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(SqlResource.read(AuditTable.class, "tail.sql"))) {
      rows.next();
      return new Tail(
          rows.getLong("number"),
          Optional.ofNullable(rows.getString("key_id")),
          Optional.ofNullable(rows.getString("hash")).orElse(AuditEntry.GENESIS),
          rows.getString("database_role"),
          rows.getString("now"));
    }
  }

  /** The hash of an entry; empty if there is none of that number. */
  static Optional<String> hash(Connection connection, long number) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT hash FROM tidemark.audit_entries WHERE number = ?")) {
      statement.setLong(1, number);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
      }
    }
  }

  /** All entries by their numbers; none if there is no table. */
  static List<AuditEntry> entries(Connection connection) throws SQLException {
    List<AuditEntry> entries = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      try (ResultSet there =
          statement.executeQuery("SELECT to_regclass('tidemark.audit_entries') IS NULL")) {
        there.next();
        if (there.getBoolean(1)) {
          return entries;
        }
      }
      try (ResultSet rows =
          statement.executeQuery(SqlResource.read(AuditTable.class, "entries.sql"))) {
        while (rows.next()) {
          entries.add(entry(rows));
        }
      }
    }
    return entries;
  }

  private static AuditEntry entry(ResultSet rows) throws SQLException {
    return new AuditEntry(
        rows.getLong("number"),
        new AuditEntry.Facts(
            rows.getString("operation_id"),
            rows.getString("stage"),
            rows.getString("operation"),
            rows.getString("change_sets"),
            rows.getString("payload_checksum"),
            rows.getString("reason"),
            rows.getString("outcome"),
            rows.getString("message"),
            rows.getString("recorded_at"),
            rows.getString("actor"),
            rows.getString("database_role"),
            rows.getString("client_host"),
            rows.getString("client_pid"),
            rows.getString("program_version")),
        rows.getString("key_id"),
        rows.getString("previous_hash"),
        rows.getString("hash"));
  }

  /**
   * Adds an entry, and comes back when a crash of the server cannot take it away any more.
   *
   * @throws SQLException unique_violation if somebody else added one of that number
   */
  static void append(Connection connection, AuditEntry entry) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(SqlResource.read(AuditTable.class, "append.sql"))) {
      int place = 1;
      statement.setLong(place++, entry.number());
      for (String text : entry.facts().texts()) {
        statement.setString(place++, text);
      }
      statement.setString(place++, entry.keyId());
      statement.setString(place++, entry.previous());
      statement.setString(place, entry.hash());
      if (statement.executeUpdate() != 1) {
        throw new SQLException("tidemark.audit_entries did not take entry " + entry.number());
      }
    }
  }
}
