package dev.tidemark.migrator.rotation;

import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.operation.Recording;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.secrecy.SecretKeys;
import dev.tidemark.migrator.sql.SqlFailures;
import dev.tidemark.migrator.sql.SqlResource;
import dev.tidemark.migrator.state.OperationKind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Encrypts every sensitive value with the primary key of the keyset.
 *
 * <p>Rows are taken in the order of their ids, a small transaction each few hundred, and each row
 * says which key its value is under: a rotation that was stopped anywhere is finished by another
 * one. A row that a service is changing is waited for; a service whose copy of a row is older than
 * the rotation's change is told so by the row's version.
 */
public final class KeyRotation {
  private static final int PASSES = 3;

  private final Database database;
  private final SecretKeys keys;
  private final RotationObserver observer;
  private final Recording recording;

  private KeyRotation(
      Database database, SecretKeys keys, RotationObserver observer, Recording recording) {
    this.database = database;
    this.keys = keys;
    this.observer = observer;
    this.recording = recording;
  }

  /** A rotation of a database's values to the primary of these keys. */
  public static KeyRotation of(Database database, SecretKeys keys) {
    return new KeyRotation(database, keys, line -> {}, Recording.NONE);
  }

  /** The same, which tells how far it is. */
  public KeyRotation observedBy(RotationObserver newObserver) {
    return new KeyRotation(database, keys, newObserver, recording);
  }

  /** The same, which leaves a record of what it does. */
  public KeyRotation recordedBy(Recording newRecording) {
    return new KeyRotation(database, keys, observer, newRecording);
  }

  /**
   * Rotates. The database writes a row of {@code secret_rotation_logs} with each value's change.
   *
   * @throws dev.tidemark.migrator.failure.MigratorException if a value is under a key that is not
   *     given or does not open (the batch it is found in is not changed), if another operation is
   *     at work, or if services go on writing under another key
   */
  public RotationResult rotate(RotationOptions options) {
    if (options.dryRun()) {
      return run(options);
    }
    return recording.perform(database, OperationKind.ROTATE_KEYS, () -> run(options));
  }

  /**
   * Refuses the removal of a key that values are encrypted with.
   *
   * @throws dev.tidemark.migrator.failure.MigratorException naming the columns, if there are any
   */
  public void refuseKeyInUse(String keyId) {
    try (Connection connection = database.connect()) {
      requireAllTenants(connection);
      List<String> users = new ArrayList<>();
      for (SealedColumn column : SealedColumn.all(connection)) {
        if (countByKey(connection, column).containsKey(keyId)) {
          users.add(column.name());
        }
      }
      if (!users.isEmpty()) {
        throw MigratorFailures.keyInUse(keyId, String.join(", ", users));
      }
    } catch (SQLException e) {
      throw SqlFailures.ofOurs(database, e);
    }
  }

  private RotationResult run(RotationOptions options) {
    try (Connection connection = database.connect()) {
      requireAllTenants(connection);
      try (PreparedStatement statement =
          connection.prepareStatement(
              SqlResource.read(KeyRotation.class, "rotation-session.sql"))) {
        statement.setString(1, options.compromised() ? "compromised" : "");
        statement.execute();
      }
      Map<SealedColumn, Long> columns = new LinkedHashMap<>();
      for (SealedColumn column : SealedColumn.all(connection)) {
        Map<String, Long> counts = countByKey(connection, column);
        refuseUnknownKeys(column, counts.keySet());
        columns.put(column, counts.values().stream().mapToLong(Long::longValue).sum());
      }
      connection.setAutoCommit(false);
      List<RotationResult.Column> done = new ArrayList<>();
      for (Map.Entry<SealedColumn, Long> entry : columns.entrySet()) {
        done.add(rotate(connection, entry.getKey(), entry.getValue(), options));
      }
      return new RotationResult(options.dryRun(), keys.keyset().primaryKeyId(), List.copyOf(done));
    } catch (SQLException e) {
      throw SqlFailures.ofOurs(database, e);
    }
  }

  private RotationResult.Column rotate(
      Connection connection, SealedColumn column, long values, RotationOptions options)
      throws SQLException {
    long encrypted = 0;
    long hashed = 0;
    for (int pass = 0; pass < PASSES; pass++) {
      try (ColumnWalk walk = new ColumnWalk(database, connection, column, keys, options)) {
        while (walk.next()) {
          observer.progress(
              "%s: %,d of %,d".formatted(column.name(), encrypted + walk.seen(), values));
        }
        encrypted += walk.encrypted();
        hashed += walk.hashed();
      }
      if (options.dryRun() || elsewhere(connection, column).isEmpty()) {
        return new RotationResult.Column(column.name(), values, encrypted, hashed);
      }
    }
    throw MigratorFailures.stillWritten(
        column.name(), String.join(", ", elsewhere(connection, column)));
  }

  /** The keys other than the primary that values are under. */
  private Set<String> elsewhere(Connection connection, SealedColumn column) throws SQLException {
    Set<String> found = new TreeSet<>(countByKey(connection, column).keySet());
    connection.commit();
    found.remove(keys.keyset().primaryKeyId());
    return found;
  }

  private void refuseUnknownKeys(SealedColumn column, Set<String> found) {
    Set<String> unknown = new TreeSet<>(found);
    unknown.removeAll(keys.keyset().keyIds());
    if (!unknown.isEmpty()) {
      throw MigratorFailures.lackingKeys(
          column.name(), String.join(", ", unknown), String.join(", ", keys.keyset().keyIds()));
    }
  }

  /**
   * Where rows of other tenants are hidden, a rotation would take what it sees for all there is.
   */
  private void requireAllTenants(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement(
                SqlResource.read(KeyRotation.class, "sees-all-tenants.sql"));
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      if (!rows.getBoolean(1)) {
        throw MigratorFailures.tenantsHidden(database.toString());
      }
    }
  }

  private static Map<String, Long> countByKey(Connection connection, SealedColumn column)
      throws SQLException {
    Map<String, Long> counts = new TreeMap<>();
    try (PreparedStatement statement = connection.prepareStatement(column.countByKey());
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        counts.put(String.valueOf(rows.getString(1)), rows.getLong(2));
      }
    }
    return counts;
  }
}
