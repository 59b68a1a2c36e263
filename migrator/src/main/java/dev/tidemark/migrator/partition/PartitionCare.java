package dev.tidemark.migrator.partition;

import com.typesafe.config.Config;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.operation.OperationObserver;
import dev.tidemark.migrator.operation.Recording;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.sql.SqlFailures;
import dev.tidemark.migrator.sql.SqlResource;
import dev.tidemark.migrator.state.OperationKind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks after the partitions of a database: makes those of the time to come, moves rows out of the
 * default partitions, and retires those that are older than their retention. Runs of workflows
 * whose retention is over are deleted on the way. To be called by a scheduler, once a day; calling
 * it again does nothing more.
 *
 * <p>A partition of {@code usage_events} is never retired while it holds a row that a consumer in
 * {@code extraction_watermarks} has not landed, and one of the audit log not while it holds an
 * entry that is to be kept.
 */
public final class PartitionCare {
  private final Database database;
  private final PartitionSettings settings;
  private final OperationObserver observer;
  private final Recording recording;

  private PartitionCare(
      Database database,
      PartitionSettings settings,
      OperationObserver observer,
      Recording recording) {
    this.database = database;
    this.settings = settings;
    this.observer = observer;
    this.recording = recording;
  }

  /** Care as the configuration has it. */
  public static PartitionCare open(Database database, Config config) {
    return new PartitionCare(
        database, PartitionSettings.of(config), OperationObserver.NONE, Recording.of(config));
  }

  /** The same care, which tells what it is doing. */
  public PartitionCare observedBy(OperationObserver newObserver) {
    return new PartitionCare(database, settings, newObserver, recording);
  }

  /**
   * Does what is to be done. Each partition is a transaction of its own; what cannot have its locks
   * is left for the next run.
   *
   * @throws dev.tidemark.migrator.failure.MigratorException if another operation is at work, the
   *     schema is not there, or row-level security hides rows from the user
   */
  public PartitionResult run() {
    refuseUnfit();
    return recording.perform(database, OperationKind.PARTITIONS, () -> care(false));
  }

  /** Finds out what {@link #run} would do, and changes nothing. */
  public PartitionResult plan() {
    return care(true);
  }

  /** Whoever may not tend the partitions is told so before anything is written down. */
  private void refuseUnfit() {
    try (Connection connection = database.connect()) {
      open(connection);
    } catch (SQLException e) {
      throw SqlFailures.ofOurs(database, e);
    }
  }

  private PartitionResult care(boolean dryRun) {
    try (Connection connection = database.connect()) {
      Instant now = open(connection);
      connection.setAutoCommit(false);
      List<PartitionStep> steps = new ArrayList<>();
      for (PartitionedTable table : PartitionedTable.values()) {
        TableCare care = new TableCare(connection, table, settings, observer, now, dryRun);
        steps.addAll(care.tend());
        connection.rollback();
      }
      return new PartitionResult(
          dryRun, List.copyOf(steps), dryRun ? 0 : deleteExpiredRuns(connection));
    } catch (SQLException e) {
      throw SqlFailures.ofOurs(database, e);
    }
  }

  /** Runs are no partition, but leave by time too: a thousand a transaction. */
  private static long deleteExpiredRuns(Connection connection) throws SQLException {
    long deleted = 0;
    long last;
    do {
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT delete_expired_runs()")) {
        rows.next();
        last = rows.getLong(1);
      }
      connection.commit();
      deleted += last;
    } while (last > 0);
    return deleted;
  }

  /** Prepares the session and gives the server's time. */
  private Instant open(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET timezone = 'UTC'");
      statement.execute("SET lock_timeout = " + settings.patience().lockTimeout().toMillis());
      for (PartitionedTable table : PartitionedTable.values()) {
        if (answer(statement, "SELECT to_regclass('" + table.table() + "') IS NULL")) {
          throw MigratorFailures.schemaTooOld(database.address(), table.table());
        }
      }
      if (answer(statement, SqlResource.read(PartitionCare.class, "hidden-tenants.sql"))) {
        throw MigratorFailures.tenantsHidden(database.address());
      }
      try (ResultSet rows = statement.executeQuery("SELECT now()")) {
        rows.next();
        return rows.getObject(1, OffsetDateTime.class).toInstant();
      }
    }
  }

  private static boolean answer(Statement statement, String question) throws SQLException {
    try (ResultSet rows = statement.executeQuery(question)) {
      rows.next();
      return rows.getBoolean(1);
    }
  }
}
