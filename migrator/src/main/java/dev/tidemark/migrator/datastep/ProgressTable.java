package dev.tidemark.migrator.datastep;

import dev.tidemark.migrator.changeset.DataStep;
import dev.tidemark.migrator.sql.SqlResource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table {@code tidemark.data_steps}: how far every data step has come. */
public final class ProgressTable {
  private static final String OF_STEP = " WHERE change_set = ? AND name = ?";

  private ProgressTable() {}

  /** The data steps of a change set that were begun, in order. Writes nothing. */
  public static List<DataStepProgress> of(Connection connection, String changeSet)
      throws SQLException {
    return exists(connection)
        ? list(connection, " WHERE change_set = ? ORDER BY step_number", changeSet)
        : List.of();
  }

  /** Every data step that was begun and is not finished, by change set. Writes nothing. */
  public static List<DataStepProgress> unfinished(Connection connection) throws SQLException {
    return exists(connection)
        ? list(connection, " WHERE finished_at IS NULL ORDER BY change_set, step_number")
        : List.of();
  }

  /**
   * Takes out what is known of a change set, which was rolled back, in the caller's transaction.
   */
  public static void forget(Connection connection, String changeSet) throws SQLException {
    update(connection, "DELETE FROM tidemark.data_steps WHERE change_set = ?", changeSet);
  }

  /** The progress of a step, which is begun if it was not. */
  static DataStepProgress begin(
      Connection connection, String changeSet, int number, DataStep step, long expected)
      throws SQLException {
    update(
        connection,
        resource("begin.sql"),
        changeSet,
        number,
        step.name(),
        step.checksum(),
        expected,
        step.batch());
    return list(connection, OF_STEP, changeSet, step.name()).get(0);
  }

  /**
   * The progress of a step as this transaction sees it, which no other can change before it ends.
   */
  static DataStepProgress lock(Connection connection, String changeSet, DataStep step)
      throws SQLException {
    return list(connection, OF_STEP + " FOR UPDATE", changeSet, step.name()).get(0);
  }

  /** Writes down a batch in the transaction that executed it. */
  static void advance(
      Connection connection,
      String changeSet,
      DataStep step,
      String position,
      long walked,
      long changed,
      Duration worked,
      Pace pace)
      throws SQLException {
    update(
        connection,
        resource("advance.sql"),
        position,
        walked,
        changed,
        worked.toMillis(),
        pace.size(),
        pace.share(),
        pace.reason().orElse(null),
        changeSet,
        step.name());
  }

  /** What the governor decided for a batch. */
  record Pace(long size, double share, Optional<String> reason) {}

  static void held(Connection connection, String changeSet, DataStep step, Duration held, String by)
      throws SQLException {
    update(
        connection,
        "UPDATE tidemark.data_steps SET held_ms = held_ms + ?, share = 0, slowed_by = ?" + OF_STEP,
        held.toMillis(),
        by,
        changeSet,
        step.name());
  }

  static void finish(Connection connection, String changeSet, DataStep step) throws SQLException {
    update(
        connection,
        "UPDATE tidemark.data_steps SET finished_at = clock_timestamp()" + OF_STEP,
        changeSet,
        step.name());
  }

  /** The next walk begins with the first key. */
  static void beginAgain(Connection connection, String changeSet, DataStep step)
      throws SQLException {
    update(connection, resource("begin-again.sql"), changeSet, step.name());
  }

  /** A version before this one did not have it, and looking makes nothing. */
  private static boolean exists(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement("SELECT to_regclass('tidemark.data_steps') IS NOT NULL");
        ResultSet rows = statement.executeQuery()) {
      return rows.next() && rows.getBoolean(1);
    }
  }

  private static List<DataStepProgress> list(
      Connection connection, String condition, Object... values) throws SQLException {
    List<DataStepProgress> found = new ArrayList<>();
    try (PreparedStatement statement =
        prepared(connection, resource("progress.sql") + condition, values)) {
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(
              new DataStepProgress(
                  rows.getString("change_set"),
                  rows.getInt("step_number"),
                  rows.getString("name"),
                  rows.getString("checksum"),
                  Optional.ofNullable(rows.getString("position")),
                  rows.getLong("batches"),
                  rows.getLong("rows_walked"),
                  rows.getLong("rows_changed"),
                  rows.getLong("rows_expected"),
                  rows.getLong("batch_size"),
                  Optional.ofNullable(rows.getString("slowed_by")),
                  rows.getBoolean("finished")));
        }
      }
    }
    return found;
  }

  private static void update(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = prepared(connection, sql, values)) {
      statement.executeUpdate();
    }
  }

  private static PreparedStatement prepared(Connection connection, String sql, Object... values)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    return statement;
  }

  private static String resource(String name) {
    return SqlResource.read(ProgressTable.class, name);
  }
}
