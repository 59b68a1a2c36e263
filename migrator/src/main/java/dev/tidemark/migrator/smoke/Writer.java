package dev.tidemark.migrator.smoke;

import dev.tidemark.migrator.postgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps writing, and notes the longest that one write took. A write takes the lock that INSERT,
 * UPDATE and DELETE take on every table in turn, so that the tables' rows stay as they are, and
 * commits a row of its own.
 */
public final class Writer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
  private static final int PAUSE_MILLIS = 5;

  private final Database database;
  private final AtomicLong longestNanos = new AtomicLong();
  private final Thread thread = new Thread(this::write, "smoke-writer");
  private volatile boolean stopped;
  private volatile long begunAt;

  /** Begins to write, as a user who may make schemas. */
  public Writer(Database database) throws SQLException {
    this.database = database;
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE SCHEMA tidemark_smoke;"
              + " CREATE TABLE tidemark_smoke.writes (at timestamptz NOT NULL)");
    }
    thread.setDaemon(true);
    thread.start();
  }

  /** Begins to measure anew. */
  public void forgetStalls() {
    longestNanos.set(0);
  }

  /** The longest that a write took since then, one that is waiting still included. */
  public long longestStallMillis() {
    long begun = begunAt;
    long waiting = begun == 0 ? 0 : System.nanoTime() - begun;
    return Math.max(longestNanos.get(), waiting) / 1_000_000;
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      while (!stopped) {
        List<String> tables = Tables.ofUsers(connection);
        connection.commit();
        for (String table : tables) {
          write(connection, statement, table);
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (SQLException e) {
      LOG.warn("The writer has ended early", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(Connection connection, Statement statement, String table) throws SQLException {
    begunAt = System.nanoTime();
    try {
      statement.execute("LOCK TABLE " + table + " IN ROW EXCLUSIVE MODE");
      statement.execute("INSERT INTO tidemark_smoke.writes VALUES (clock_timestamp())");
      connection.commit();
    } catch (SQLException e) {
      // The table was taken away meanwhile.
      connection.rollback();
    }
    long took = System.nanoTime() - begunAt;
    begunAt = 0;
    longestNanos.accumulateAndGet(took, Math::max);
  }
}
