package dev.tidemark.migrator.guard;

import dev.tidemark.migrator.changeset.ContractTerms.Unused;
import dev.tidemark.migrator.sql.SqlResource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;

/**
 * How the server's counters of a relation stood, kept over time. A row is a stretch of time in
 * which they were always found the same. Counters only grow, unless somebody resets them or the
 * server crashes, which begins another epoch of the statistics: so between two equal readings of
 * one epoch nobody used the relation.
 */
final class UsageObservations {
  private final Connection connection;

  /** Observations in a database whose migrator tables are made. */
  UsageObservations(Connection connection) {
    this.connection = connection;
  }

  /**
   * What is known of a relation now.
   *
   * @param counters what it was used for, in words
   * @param unusedSince when they were first seen as they are; empty if nothing is known
   * @param unknown why nothing is known
   */
  record Sighting(String counters, Optional<Instant> unusedSince, String unknown) {
    private static Sighting unknown(String reason) {
      return new Sighting("", Optional.empty(), reason);
    }
  }

  /** Reads the counters, and keeps what was read. */
  Sighting observe(Unused relation) throws SQLException {
    try (PreparedStatement query = resource("usage-counters.sql")) {
      query.setString(1, relation.name());
      query.setBoolean(2, relation.kind() == Unused.Kind.TABLE);
      try (ResultSet rows = query.executeQuery()) {
        if (!rows.next()) {
          return Sighting.unknown("there is no such " + word(relation.kind()));
        }
        if (!rows.getBoolean("counted")) {
          return Sighting.unknown("the server does not count, as track_counts is off");
        }
        return keep(
            relation,
            rows.getLong("relation"),
            rows.getString("counters"),
            rows.getString("epoch"));
      }
    }
  }

  private Sighting keep(Unused relation, long oid, String counters, String epoch)
      throws SQLException {
    connection.setAutoCommit(false);
    try (Statement lock = connection.createStatement();
        PreparedStatement same = resource("same-usage.sql");
        PreparedStatement other = resource("other-usage.sql")) {
      lock.execute("LOCK TABLE tidemark.usage_observations IN SHARE ROW EXCLUSIVE MODE");
      fill(same, relation, oid, counters, epoch);
      Instant since;
      try (ResultSet rows = same.executeQuery()) {
        since = rows.next() ? time(rows) : null;
      }
      if (since == null) {
        fill(other, relation, oid, counters, epoch);
        try (ResultSet rows = other.executeQuery()) {
          rows.next();
          since = time(rows);
        }
      }
      connection.commit();
      return new Sighting(counters, Optional.of(since), "");
    } finally {
      if (!connection.isClosed()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    }
  }

  private static void fill(
      PreparedStatement statement, Unused relation, long oid, String counters, String epoch)
      throws SQLException {
    statement.setString(1, word(relation.kind()));
    statement.setString(2, relation.name());
    statement.setLong(3, oid);
    statement.setString(4, counters);
    statement.setString(5, epoch);
  }

  private PreparedStatement resource(String name) throws SQLException {
    return connection.prepareStatement(SqlResource.read(UsageObservations.class, name));
  }

  private static Instant time(ResultSet rows) throws SQLException {
    return rows.getObject(1, OffsetDateTime.class).toInstant();
  }

  static String word(Unused.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
