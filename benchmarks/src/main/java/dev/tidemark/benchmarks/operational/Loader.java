package dev.tidemark.benchmarks.operational;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.LongConsumer;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Brings many computed rows into a table by COPY, in transactions of bounded size. */
final class Loader {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final long ROWS_PER_TRANSACTION = 500_000;

  private final Connections connections;
  private final LongConsumer progress;

  /**
   * @param progress is told how many rows came since it was told last
   */
  Loader(Connections connections, LongConsumer progress) {
    this.connections = connections;
    this.progress = progress;
  }

  /** Opens connections. */
  @FunctionalInterface
  interface Connections {
    /** Opens one. */
    Connection open() throws SQLException;
  }

  /** Appends one row of COPY's text format, line end included. */
  @FunctionalInterface
  interface Row {
    /** Appends the row with this number. */
    void append(StringBuilder text, long number);
  }

  /**
   * Loads the rows {@code from} (inclusive) to {@code to} (exclusive).
   *
   * @param target table and columns, such as {@code users (id, name)}
   */
  void load(String target, long from, long to, Row row) throws SQLException {
    try (Connection connection = connections.open()) {
      connection.setAutoCommit(false);
      for (long begin = from; begin < to; begin += ROWS_PER_TRANSACTION) {
        copy(connection, target, begin, Math.min(to, begin + ROWS_PER_TRANSACTION), row);
        connection.commit();
      }
    }
  }

  private void copy(Connection connection, String target, long from, long to, Row row)
      throws SQLException {
    CopyIn copy =
        connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY " + target + " FROM STDIN");
    try {
      StringBuilder text = new StringBuilder(BUFFER_BYTES + 1024);
      long told = from;
      for (long number = from; number < to; number++) {
        row.append(text, number);
        if (text.length() >= BUFFER_BYTES) {
          send(copy, text);
          progress.accept(number + 1 - told);
          told = number + 1;
        }
      }
      send(copy, text);
      progress.accept(to - told);
      copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  private static void send(CopyIn copy, StringBuilder text) throws SQLException {
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    copy.writeToCopy(bytes, 0, bytes.length);
    text.setLength(0);
  }
}
