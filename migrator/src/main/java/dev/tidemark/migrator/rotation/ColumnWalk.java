package dev.tidemark.migrator.rotation;

import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.secrecy.Cell;
import dev.tidemark.migrator.secrecy.Sealed;
import dev.tidemark.migrator.secrecy.SecretKeys;
import dev.tidemark.migrator.sql.SqlFailures;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.UUID;

/** One walk over the values of a column, by id, a transaction each batch. */
final class ColumnWalk implements AutoCloseable {
  private static final int BATCH = 200;
  private static final int ATTEMPTS = 10;

  private final Database database;
  private final Connection connection;
  private final SealedColumn column;
  private final SecretKeys keys;
  private final RotationOptions options;
  private final boolean hashing;
  private final PreparedStatement select;
  private final PreparedStatement update;

  private UUID last = new UUID(0, 0);
  private long seen;
  private long encrypted;
  private long hashed;

  ColumnWalk(
      Database database,
      Connection connection,
      SealedColumn column,
      SecretKeys keys,
      RotationOptions options)
      throws SQLException {
    this.database = database;
    this.connection = connection;
    this.column = column;
    this.keys = keys;
    this.options = options;
    this.hashing = options.emailHash() && column.hash().isPresent();
    this.select = connection.prepareStatement(column.nextBatch(hashing, options.dryRun()));
    this.update = connection.prepareStatement(column.update());
  }

  /** Values looked at. */
  long seen() {
    return seen;
  }

  /** Values encrypted anew, or to be. */
  long encrypted() {
    return encrypted;
  }

  /** Addresses hashed anew, or to be. */
  long hashed() {
    return hashed;
  }

  /**
   * Takes the next batch.
   *
   * @return false if there was none
   */
  boolean next() throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        return batch();
      } catch (SQLException e) {
        if (!SqlFailures.isAboutLocks(e)) {
          throw e;
        }
        connection.rollback();
        if (attempt == ATTEMPTS) {
          throw MigratorFailures.rowsHeld(column.name(), database.address(), e);
        }
      } catch (RuntimeException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  private boolean batch() throws SQLException {
    Tally tally = new Tally();
    UUID end = last;
    select.setObject(1, last);
    if (!hashing) {
      select.setString(2, keys.keyset().primaryKeyId());
    }
    select.setInt(hashing ? 2 : 3, BATCH);
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        end = rows.getObject("id", UUID.class);
        take(end, rows, tally);
      }
    }
    if (!options.dryRun()) {
      update.executeBatch();
    }
    connection.commit();
    // Counted only now, as a batch that is repeated would be counted twice.
    last = end;
    seen += tally.seen;
    encrypted += tally.encrypted;
    hashed += tally.hashed;
    return tally.seen > 0;
  }

  private void take(UUID id, ResultSet rows, Tally tally) throws SQLException {
    Cell cell = new Cell(column.table(), column.ciphertext(), id);
    String oldKeyId = rows.getString("key_id");
    byte[] oldHash = rows.getBytes("hash");
    byte[] ciphertext = rows.getBytes("ciphertext");
    byte[] value = open(cell, oldKeyId, ciphertext);
    try {
      byte[] newHash = hashing ? hashed(cell, value, oldHash) : oldHash;
      boolean otherHash = !Arrays.equals(newHash, oldHash);
      boolean otherKey = !keys.keyset().primaryKeyId().equals(oldKeyId);
      tally.seen++;
      tally.encrypted += otherKey ? 1 : 0;
      tally.hashed += otherHash ? 1 : 0;
      if (!options.dryRun() && (otherKey || otherHash)) {
        Sealed sealed =
            otherKey ? keys.keyset().seal(cell, value) : new Sealed(ciphertext, oldKeyId);
        change(id, sealed, newHash);
      }
    } finally {
      Arrays.fill(value, (byte) 0);
    }
  }

  private void change(UUID id, Sealed sealed, byte[] hash) throws SQLException {
    int parameter = 1;
    update.setBytes(parameter++, sealed.ciphertext());
    update.setString(parameter++, sealed.keyId());
    if (column.hash().isPresent()) {
      update.setBytes(parameter++, hash);
    }
    update.setObject(parameter, id);
    update.addBatch();
  }

  private byte[] open(Cell cell, String keyId, byte[] ciphertext) {
    try {
      return keys.keyset().open(cell, ciphertext);
    } catch (GeneralSecurityException e) {
      throw MigratorFailures.cannotDecrypt(cell.toString(), keyId);
    }
  }

  /** The hash under the present key; refuses a row whose hash neither key has made. */
  private byte[] hashed(Cell cell, byte[] value, byte[] oldHash) {
    String address = new String(value, StandardCharsets.UTF_8);
    byte[] hash = keys.emailHash().of(address);
    boolean known =
        Arrays.equals(oldHash, hash)
            || keys.previousEmailHash()
                .map(previous -> Arrays.equals(oldHash, previous.of(address)))
                .orElse(false);
    if (!known) {
      String previous =
          keys.previousEmailHash()
              .map(key -> "and EMAIL_HASH_KEY_PREVIOUS " + key.keyId())
              .orElse("and no EMAIL_HASH_KEY_PREVIOUS");
      throw MigratorFailures.unknownEmailHash(cell.toString(), keys.emailHash() + " " + previous);
    }
    return hash;
  }

  @Override
  public void close() throws SQLException {
    select.close();
    update.close();
  }

  /** What one batch came to. */
  private static final class Tally {
    private long seen;
    private long encrypted;
    private long hashed;
  }
}
