package dev.tidemark.migrator.guard;

import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.sql.SqlResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The state of the server, as far as the role may see it. */
final class Server {
  private final Connection connection;
  private final GuardSettings settings;
  private final Consumer<String> notice;

  Server(Connection connection, GuardSettings settings, Consumer<String> notice) {
    this.connection = connection;
    this.settings = settings;
    this.notice = notice;
  }

  /** The server's clock. */
  Instant now() throws SQLException {
    try (PreparedStatement query = connection.prepareStatement("SELECT clock_timestamp()")) {
      return onlyTime(query).orElseThrow();
    }
  }

  /** When a change set was applied; empty if it is not. */
  Optional<Instant> inPlaceSince(String version) throws SQLException {
    try (PreparedStatement query = resource("in-place-since.sql")) {
      query.setString(1, version);
      return onlyTime(query);
    }
  }

  /** What to say about transactions that are open for too long. */
  Optional<MigratorException> openTransactions() throws SQLException {
    Duration limit = settings.openTransaction();
    if (limit.isZero()) {
      return Optional.empty();
    }
    List<String> transactions = new ArrayList<>();
    try (PreparedStatement query = resource("open-transactions.sql")) {
      double seconds = limit.toMillis() / 1000.0;
      query.setDouble(1, seconds);
      query.setDouble(2, seconds);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          transactions.add(rows.getString(1));
        }
      }
    }
    if (transactions.isEmpty()) {
      long hidden = hiddenSessions();
      if (hidden > 0) {
        notice.accept(
            "How long %d sessions of other roles have been in a transaction is hidden from this role; GRANT pg_read_all_stats shows it"
                .formatted(hidden));
      }
      return Optional.empty();
    }
    return Optional.of(
        MigratorFailures.transactionsOpen(String.join("; ", transactions), Times.words(limit)));
  }

  private long hiddenSessions() throws SQLException {
    try (PreparedStatement query = resource("hidden-sessions.sql");
        ResultSet rows = query.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** What to say about standbys and slots that are too far behind. */
  Optional<MigratorException> replicationBehind() throws SQLException {
    if (settings.replicationLag() == 0 && settings.replicationDelay().isZero() || onStandby()) {
      return Optional.empty();
    }
    List<String> behind = new ArrayList<>();
    try (PreparedStatement query = resource("replication.sql");
        ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        String name = rows.getString("name");
        if (rows.getBoolean("hidden")) {
          notice.accept(
              "How far %s is behind is hidden from this role; GRANT pg_monitor shows it"
                  .formatted(name));
        }
        new Lag(name, rows.getLong("bytes"), Duration.ofMillis(rows.getLong("milliseconds")))
            .beyond(settings.replicationLag(), settings.replicationDelay())
            .ifPresent(behind::add);
      }
    }
    return behind.isEmpty()
        ? Optional.empty()
        : Optional.of(MigratorFailures.replicationBehind(String.join("; ", behind)));
  }

  /** Where nothing can be written, Postgres itself refuses, with better words. */
  private boolean onStandby() throws SQLException {
    try (Statement query = connection.createStatement();
        ResultSet rows = query.executeQuery("SELECT pg_is_in_recovery()")) {
      rows.next();
      return rows.getBoolean(1);
    }
  }

  /**
   * What to say about a disk that has no room for the tables that are written anew. For a while
   * both copies are there, their indexes included.
   */
  Optional<MigratorException> diskTooSmall(Optional<Set<String>> rewritten) throws SQLException {
    if (rewritten.isEmpty() && settings.freeDisk().isPresent()) {
      notice.accept(
          "Whether the disk has room was not looked at, as it is lint that sees which tables are"
              + " written anew, and it does not look here (migrate.lint)");
    }
    if (rewritten.isEmpty() || rewritten.get().isEmpty()) {
      return Optional.empty();
    }
    String tables = String.join(", ", rewritten.get());
    long needed = size(rewritten.get());
    String words = "writing %s anew takes %s".formatted(tables, Times.bytes(needed));
    Optional<Long> free = settings.freeDisk().or(() -> settings.localDisk().flatMap(Server::free));
    if (free.isEmpty()) {
      notice.accept(
          words
              + "; whether the disk has that is not known here: migrate.guards.free-disk says it");
      return Optional.empty();
    }
    return needed <= free.get()
        ? Optional.empty()
        : Optional.of(MigratorFailures.diskTooSmall(words, Times.bytes(free.get()) + " are free"));
  }

  private long size(Set<String> tables) throws SQLException {
    try (PreparedStatement query = resource("rewrite-sizes.sql")) {
      query.setArray(1, connection.createArrayOf("text", tables.toArray()));
      try (ResultSet rows = query.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  private static Optional<Long> free(Path folder) {
    try {
      return Optional.of(Files.getFileStore(folder).getUsableSpace());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private PreparedStatement resource(String name) throws SQLException {
    return connection.prepareStatement(SqlResource.read(Server.class, name));
  }

  private static Optional<Instant> onlyTime(PreparedStatement query) throws SQLException {
    try (ResultSet rows = query.executeQuery()) {
      return rows.next()
          ? Optional.ofNullable(rows.getObject(1, OffsetDateTime.class))
              .map(OffsetDateTime::toInstant)
          : Optional.empty();
    }
  }
}
