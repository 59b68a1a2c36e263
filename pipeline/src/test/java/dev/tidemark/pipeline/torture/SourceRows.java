package dev.tidemark.pipeline.torture;

import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.testing.Sql;
import dev.tidemark.pipeline.sql.SqlResource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** What writes to the source: everything but the pipeline. */
final class SourceRows implements AutoCloseable {
  /** A Monday, as partitions begin with one; another month begins nine days later. */
  static final Instant START = Instant.parse("2026-03-23T00:00:00Z");

  /** A transaction of Postgres could not get a lock. */
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private final Database database;
  private final Connection connection;
  private final Connection[] held = new Connection[Schedule.SLOTS];

  private SourceRows(Database database) throws SQLException {
    this.database = database;
    this.connection = connect();
  }

  /** Prepares a migrated database without events. */
  static SourceRows prepare(Database database) throws SQLException {
    Sql.execute(database, sql("prepare.sql"));
    return new SourceRows(database);
  }

  /** Not under the pipeline's name, by which its connections are cut. */
  private Connection connect() throws SQLException {
    Connection opened = database.connect();
    Sql.execute(opened, "SET application_name = 'torture'");
    return opened;
  }

  void insert(Step.Insert step) throws SQLException {
    rows(connection, "insert.sql", step.first(), step.count(), step.hours());
  }

  void hold(Step.Hold step) throws SQLException {
    held[step.slot()] = connect();
    held[step.slot()].setAutoCommit(false);
    rows(held[step.slot()], "insert.sql", step.first(), step.count(), step.hours());
  }

  void release(Step.Release step) throws SQLException {
    try (Connection open = held[step.slot()]) {
      if (step.commit()) {
        open.commit();
      } else {
        open.rollback();
      }
    }
  }

  void redeliver(Step.Redeliver step) throws SQLException {
    String file = step.delivery().name().toLowerCase(Locale.ROOT) + ".sql";
    try (PreparedStatement statement = connection.prepareStatement(sql(file))) {
      statement.setString(1, String.valueOf(step.salt()));
      statement.setInt(2, step.count());
      statement.executeUpdate();
    }
  }

  void breakRows(Step.Break step) throws SQLException {
    rows(connection, "break.sql", step.first(), step.count(), step.hours());
  }

  void deleteBroken(Step.DeleteBroken step) throws SQLException {
    salted("delete-broken.sql", step.salt());
  }

  void mend(Step.Mend step) throws SQLException {
    salted("mend.sql", step.salt());
  }

  /** Moves a week's rows out of the default partition; not if the pipeline reads there for long. */
  void newPartition(Step.NewPartition step) throws SQLException {
    Instant from = START.plus(Duration.ofDays(7L * step.week()));
    try {
      Sql.execute(
          connection,
          "SET lock_timeout = '2s'",
          """
          DO $$ BEGIN
            IF to_regclass('usage_events_' || to_char('%1$s'::timestamptz, 'YYYYMMDD')) IS NULL THEN
              PERFORM create_usage_event_partition('%1$s');
            END IF;
          END $$
          """
              .formatted(from));
    } catch (SQLException e) {
      if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        throw e;
      }
    }
  }

  /** Ends the connections of all that is at work in the pipeline. */
  void cut() throws SQLException {
    Sql.execute(
        connection,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE application_name = 'tidemark' AND datname = current_database()");
  }

  /** A run begins: what is visible to it now will be landed if it succeeds. */
  void runBegins(int run) throws SQLException {
    Sql.execute(connection, "UPDATE torture_first SET run = " + run + " WHERE run IS NULL");
  }

  /** A run has succeeded. */
  void runSucceeded(int run) throws SQLException {
    Sql.execute(connection, "UPDATE torture_first SET settled = true WHERE run <= " + run);
  }

  /** Events that the rollups must count. */
  long events() throws SQLException {
    return Long.parseLong(Sql.value(connection, "SELECT count(*) FROM torture_first"));
  }

  private static void rows(Connection through, String file, long first, int count, Step.Hours hours)
      throws SQLException {
    try (PreparedStatement statement = through.prepareStatement(sql(file))) {
      statement.setLong(1, first);
      statement.setLong(2, first + count - 1);
      statement.setTimestamp(3, Timestamp.from(START.plus(Duration.ofHours(hours.from()))));
      statement.setInt(4, hours.count());
      statement.executeUpdate();
    }
  }

  private void salted(String file, long salt) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql(file))) {
      statement.setString(1, String.valueOf(salt));
      statement.executeUpdate();
    }
  }

  private static String sql(String file) {
    return SqlResource.of(SourceRows.class, file).text();
  }

  @Override
  public void close() throws SQLException {
    for (Connection open : held) {
      if (open != null) {
        open.close();
      }
    }
    connection.close();
  }
}
