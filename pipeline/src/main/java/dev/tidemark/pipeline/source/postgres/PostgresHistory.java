package dev.tidemark.pipeline.source.postgres;

import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.sql.SqlResource;
import dev.tidemark.pipeline.window.TimeRange;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a backfill asks the server that holds {@code usage_events}, beside its events. */
public final class PostgresHistory {
  private static final String TRY_LOCK = "SELECT pg_try_advisory_lock(hashtext('tidemark'), 90)";

  /** How long the server may take to notice that the session of a killed backfill is gone. */
  private static final int ATTEMPTS = 20;

  private static final long PAUSE_MILLIS = 100;
  private static final Pattern PLAN_ROWS = Pattern.compile("\"Plan Rows\": (\\d+)");

  private static final SqlResource ONE_ROW = sql("history-one-row.sql");
  private static final SqlResource ROWS = sql("history-rows.sql");
  private static final SqlResource EXTENT = sql("history-extent.sql");
  private static final SqlResource HOLDER = sql("backfill-holder.sql");

  private final PostgresServer server;

  /** Questions to a server. */
  public PostgresHistory(PostgresServer server) {
    this.server = Objects.requireNonNull(server);
  }

  /**
   * Does work under the right to backfill from this database, which one backfill has at a time:
   * each looks after the server as if it were the only one. It ends with the process.
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException if another has it
   */
  public <T> T locked(Supplier<T> work) {
    try (Connection connection = server.connect()) {
      lock(connection);
      return work.get();
    } catch (SQLException e) {
      throw PipelineFailures.sourceUnreadable("the lock of backfills", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PipelineFailures.interrupted(e);
    }
  }

  private static void lock(Connection connection) throws SQLException, InterruptedException {
    try (Statement statement = connection.createStatement()) {
      for (int attempt = 1; !yes(statement, TRY_LOCK); attempt++) {
        if (attempt == ATTEMPTS) {
          throw PipelineFailures.backfillRuns(holder(statement));
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    }
  }

  /** Who has the lock; empty for nobody. */
  public Optional<String> holder() {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      return holder(statement);
    } catch (SQLException e) {
      throw PipelineFailures.sourceUnreadable("the lock of backfills", e);
    }
  }

  private static Optional<String> holder(Statement statement) throws SQLException {
    try (ResultSet holder = statement.executeQuery(HOLDER.text())) {
      return holder.next() ? Optional.of(holder.getString(1)) : Optional.empty();
    }
  }

  /**
   * A query for one event of a range by its key, for the canary; empty if there is no event in the
   * range.
   */
  public Optional<String> queryForOneEvent(TimeRange range) {
    return oneRow(PostgresSource.within(range));
  }

  Optional<String> oneRow(String condition) {
    try (Connection connection = server.connect()) {
      PostgresServer.refuseHiddenRows(connection, "usage_events");
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(ONE_ROW.text().formatted(condition))) {
        return row.next()
            ? Optional.of(
                "SELECT model FROM usage_events WHERE id = '%s' AND occurred_at = '%s'"
                    .formatted(row.getString(1), row.getString(2)))
            : Optional.empty();
      }
    } catch (SQLException e) {
      throw PipelineFailures.sourceUnreadable("usage_events", e);
    }
  }

  /** About how many events lie in a range, by the planner's statistics; reads no event. */
  public long rowsAbout(TimeRange range) {
    return rowsAbout(PostgresSource.within(range));
  }

  /** About how many events there are, by the sizes of the partitions at least. */
  public long rowsAbout() {
    return rowsAbout("true");
  }

  private long rowsAbout(String condition) {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet plan = statement.executeQuery(ROWS.text().formatted(condition))) {
      plan.next();
      Matcher rows = PLAN_ROWS.matcher(plan.getString(1));
      return rows.find() ? Long.parseLong(rows.group(1)) : 0;
    } catch (SQLException e) {
      throw PipelineFailures.sourceUnreadable("a plan for usage_events", e);
    }
  }

  /** From the first event of a range to the last; empty if there is none. Reads all of them. */
  public Optional<TimeRange> extent(TimeRange range) {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet extent =
            statement.executeQuery(EXTENT.text().formatted(PostgresSource.within(range)))) {
      extent.next();
      long from = extent.getLong(1);
      return extent.wasNull()
          ? Optional.empty()
          : Optional.of(new TimeRange(from, Math.addExact(extent.getLong(2), 1)));
    } catch (SQLException e) {
      throw PipelineFailures.sourceUnreadable("usage_events", e);
    }
  }

  private static boolean yes(Statement statement, String query) throws SQLException {
    try (ResultSet answer = statement.executeQuery(query)) {
      return answer.next() && answer.getBoolean(1);
    }
  }

  private static SqlResource sql(String file) {
    return SqlResource.of(PostgresHistory.class, file);
  }
}
