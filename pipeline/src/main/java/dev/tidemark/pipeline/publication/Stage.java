package dev.tidemark.pipeline.publication;

import dev.tidemark.pipeline.sql.SqlResource;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.SortedSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * A temporary table of Postgres to which rows of a rollup are streamed, to be compared with the
 * summaries there. Its rows go at the end of each transaction.
 */
final class Stage {
  private static final String COPY = "COPY made_summaries FROM STDIN (FORMAT csv)";

  private final Connection connection;

  private Stage(Connection connection) {
    this.connection = connection;
  }

  static Stage make(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql("make-stage.sql"));
    }
    return new Stage(connection);
  }

  /**
   * Streams rows of {@code summaries.sql}, one partition of Spark's at a time.
   *
   * @return how many Postgres cannot take
   */
  long fill(Dataset<Row> summaries) throws SQLException {
    long leftOut = 0;
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
    try {
      Iterator<Row> rows = summaries.toLocalIterator();
      while (rows.hasNext()) {
        Row row = rows.next();
        if (row.isNullAt(0) || !row.getBoolean(0)) {
          leftOut++;
          continue;
        }
        byte[] line = line(row).getBytes(StandardCharsets.UTF_8);
        copy.writeToCopy(line, 0, line.length);
      }
      copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("ANALYZE made_summaries");
    }
    return leftOut;
  }

  /** A line of CSV: null is nothing, a text stands in quotes. */
  private static String line(Row row) {
    StringBuilder line = new StringBuilder();
    for (int column = 1; column < row.size(); column++) {
      if (column > 1) {
        line.append(',');
      }
      Object value = row.get(column);
      if (value instanceof Timestamp time) {
        line.append(time.toInstant());
      } else if (value instanceof String text) {
        line.append('"').append(text.replace("\"", "\"\"")).append('"');
      } else if (value != null) {
        line.append(value);
      }
    }
    return line.append('\n').toString();
  }

  /** Inserts and updates what differs, and returns how many rows that were. */
  long write(Grain grain, Instant dataAsOf) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(sql("write-different.sql"))) {
      insert.setString(1, grain.label());
      insert.setString(2, dataAsOf.toString());
      return insert.executeLargeUpdate();
    }
  }

  /**
   * Deletes what the lake no longer has, and returns how many rows that were.
   *
   * @param month its first day
   * @param dates of the month, on which the windows begin that have been staged whole
   */
  long deleteVanished(Grain grain, LocalDate month, SortedSet<LocalDate> dates)
      throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(sql("delete-vanished.sql"))) {
      delete.setString(1, grain.label());
      delete.setString(2, Publication.start(month).toString());
      delete.setString(3, Publication.start(month.plusMonths(1)).toString());
      delete.setArray(
          4, connection.createArrayOf("date", dates.stream().map(Date::valueOf).toArray()));
      return delete.executeLargeUpdate();
    }
  }

  private static String sql(String file) {
    return SqlResource.of(Stage.class, file).text();
  }
}
