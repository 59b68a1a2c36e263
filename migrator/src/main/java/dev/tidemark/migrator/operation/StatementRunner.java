package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.changeset.Script;
import dev.tidemark.migrator.changeset.Statement;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.sql.SqlFailures;
import dev.tidemark.migrator.sql.SqlResource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.postgresql.PGConnection;

/**
 * Executes the statements of scripts one by one on a connection. No statement waits for a lock
 * without end: each attempt has a {@code lock_timeout}, attempts are limited, and between them the
 * queue behind the statement can move on.
 *
 * <p>Within a transaction every statement has a savepoint, so that another attempt does not lose
 * what came before.
 */
final class StatementRunner implements AutoCloseable {
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final int SHOWN_CHARACTERS = 200;

  private final Database database;
  private final Connection connection;
  private final MigratorSettings settings;
  private final OperationLock lock;
  private final OperationObserver observer;
  private final boolean transactional;
  private final ScheduledExecutorService watch;

  /**
   * A runner on a connection; within a transaction if the connection is not in autocommit mode.
   *
   * @param lock looks at who blocks the connection
   * @param observer is told what is being done
   */
  StatementRunner(
      Database database,
      Connection connection,
      MigratorSettings settings,
      OperationLock lock,
      OperationObserver observer)
      throws SQLException {
    this.database = database;
    this.connection = connection;
    this.settings = settings;
    this.lock = lock;
    this.observer = observer;
    this.transactional = !connection.getAutoCommit();
    this.watch =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "lock-watch");
              thread.setDaemon(true);
              return thread;
            });
    String scope = transactional ? "LOCAL" : "SESSION";
    execute("SET " + scope + " lock_timeout = " + settings.lockTimeout().toMillis());
    // Scripts see what the role sees, but never our own schema, which Flyway puts in front and
    // which "$user" means for a role of that name.
    execute("RESET search_path");
    execute(SqlResource.read(StatementRunner.class, "script-session.sql"));
  }

  /** Executes every statement of a script. */
  void run(Script script) {
    int number = 0;
    for (Statement statement : script.statements()) {
      number++;
      observer.progress(place(script, statement, number));
      run(script, statement, number);
    }
  }

  /** Executes every statement of a script and wants one true boolean of each. */
  void verify(Script script) {
    int number = 0;
    for (Statement statement : script.statements()) {
      number++;
      verify(script, statement, number);
    }
  }

  @Override
  public void close() {
    watch.shutdownNow();
  }

  private void run(Script script, Statement statement, int number) {
    String sql = statement.filled(script.file(), settings.placeholders());
    Set<String> invalidBefore = invalidIndexes(sql);
    for (int attempt = 1; ; attempt++) {
      AtomicReference<Optional<String>> blocker = new AtomicReference<>(Optional.empty());
      try {
        if (attempt > 1) {
          dropLeftIndexes(sql, invalidBefore);
        }
        attempt(sql, blocker);
        return;
      } catch (SQLException e) {
        if (!SqlFailures.isAboutLocks(e)) {
          throw failure(script, statement, number, e);
        }
        String inTheWay = blocker.get().orElse("a session that has let go meanwhile");
        if (attempt >= settings.lockAttempts()) {
          throw MigratorFailures.lockNotAvailable(
              place(script, statement, number), attempt, inTheWay, state(number), e);
        }
        pause(script, statement, number, attempt, inTheWay);
      }
    }
  }

  /** What CREATE INDEX CONCURRENTLY leaves when it gives up would be in its own way next time. */
  private void dropLeftIndexes(String sql, Set<String> invalidBefore) throws SQLException {
    for (String index : invalidIndexes(sql)) {
      if (!invalidBefore.contains(index)) {
        execute("DROP INDEX CONCURRENTLY IF EXISTS " + index);
      }
    }
  }

  /** The unfinished indexes that a statement outside of a transaction names. */
  private Set<String> invalidIndexes(String sql) {
    if (transactional) {
      return Set.of();
    }
    try (PreparedStatement query =
        connection.prepareStatement(
            SqlResource.read(StatementRunner.class, "invalid-indexes.sql"))) {
      query.setString(1, sql);
      Set<String> names = new HashSet<>();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          names.add(rows.getString(1));
        }
      }
      return names;
    } catch (SQLException e) {
      throw SqlFailures.ofOurs(database, e);
    }
  }

  private void attempt(String sql, AtomicReference<Optional<String>> blocker) throws SQLException {
    Savepoint savepoint = transactional ? connection.setSavepoint() : null;
    int session = connection.unwrap(PGConnection.class).getBackendPID();
    long lookAfter = settings.lockTimeout().toMillis() / 2;
    Future<?> look =
        watch.schedule(() -> blocker.set(lock.blockers(session)), lookAfter, TimeUnit.MILLISECONDS);
    try {
      execute(sql);
    } catch (SQLException e) {
      if (savepoint != null && !SqlFailures.isAboutConnection(e)) {
        connection.rollback(savepoint);
      }
      throw e;
    } finally {
      look.cancel(false);
    }
    if (savepoint != null) {
      connection.releaseSavepoint(savepoint);
    }
  }

  private void execute(String sql) throws SQLException {
    try (java.sql.Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }

  private void verify(Script script, Statement statement, int number) {
    String sql = statement.filled(script.file(), settings.placeholders());
    String found;
    try (java.sql.Statement query = connection.createStatement()) {
      query.setEscapeProcessing(false);
      found = query.execute(sql) ? verdict(query.getResultSet()) : "no rows, as it is no query,";
    } catch (SQLException e) {
      throw failure(script, statement, number, e);
    }
    if (!found.isEmpty()) {
      throw MigratorFailures.verificationFailed(
          place(script, statement, number), found, state(Integer.MAX_VALUE));
    }
  }

  /** Empty if the rows are one true boolean, else what they are. */
  private static String verdict(ResultSet rows) throws SQLException {
    if (!rows.next()) {
      return "it gave no row";
    }
    String value = rows.getString(1);
    String type = rows.getMetaData().getColumnTypeName(1);
    if (rows.getMetaData().getColumnCount() != 1 || !type.equals("bool")) {
      return "it gave a row that is not one boolean";
    }
    if (rows.next()) {
      return "it gave more than one row";
    }
    return "t".equals(value) ? "" : "it gave " + ("f".equals(value) ? "false" : "null");
  }

  private RuntimeException failure(Script script, Statement statement, int number, SQLException e) {
    if (SqlFailures.isAboutConnection(e)) {
      return MigratorFailures.connectionLost(database.address(), e);
    }
    String text = statement.text().strip().replaceAll("\\s+", " ");
    return MigratorFailures.statementFailed(
        place(script, statement, number),
        text.length() > SHOWN_CHARACTERS ? text.substring(0, SHOWN_CHARACTERS) + " …" : text,
        e.getSQLState(),
        state(number),
        e);
  }

  private void pause(Script script, Statement statement, int number, int attempt, String inTheWay) {
    long doubled = settings.lockPause().toMillis() << Math.min(attempt - 1, 16);
    long limited = Math.min(doubled, LONGEST_PAUSE.toMillis());
    // Half to one and a half of it, so that two waiters do not keep meeting.
    long jittered = limited / 2 + ThreadLocalRandom.current().nextLong(limited + 1);
    observer.notice(
        "%s: no lock in attempt %d of %d, next in %d ms; in the way: %s"
            .formatted(
                place(script, statement, number),
                attempt,
                settings.lockAttempts(),
                jittered,
                inTheWay));
    try {
      Thread.sleep(jittered);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for a lock", e);
    }
  }

  private static String place(Script script, Statement statement, int number) {
    return "%s line %d (statement %d of %d)"
        .formatted(script.file(), statement.line(), number, script.statements().size());
  }

  private String state(int number) {
    if (transactional) {
      return "the change set's transaction was rolled back";
    }
    return number == 1
        ? "nothing of it was done"
        : "the statements before it are done, as it runs without a transaction";
  }
}
