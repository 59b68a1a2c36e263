package dev.tidemark.migrator.secrecy;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.UUID;

/**
 * The place in the database which an encrypted value belongs to. A ciphertext that is moved to
 * another place cannot be opened there.
 *
 * @param table name of the table, without schema
 * @param column name of the column that holds the ciphertext
 * @param row the row's {@code id}
 */
public record Cell(String table, String column, UUID row) {
  /** Refuses a place that is not whole. */
  public Cell {
    Objects.requireNonNull(table);
    Objects.requireNonNull(column);
    Objects.requireNonNull(row);
  }

  /** {@code table.column/id} in UTF-8: what the encryption is bound to. */
  byte[] associatedData() {
    return toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return table + "." + column + "/" + row;
  }
}
