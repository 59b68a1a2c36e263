package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.changeset.Script;
import dev.tidemark.migrator.changeset.Statement;
import dev.tidemark.migrator.digest.Sha256;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.guard.TimeBudget;
import dev.tidemark.migrator.operation.Evidence.Verdict;
import dev.tidemark.migrator.sql.SqlFailures;
import dev.tidemark.migrator.state.Journal;
import dev.tidemark.migrator.state.Moment;
import dev.tidemark.migrator.state.OpenStatement;
import dev.tidemark.migrator.state.ScriptKind;
import dev.tidemark.migrator.state.StatementEnd;
import dev.tidemark.migrator.state.StatementStart;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Executes the statements of scripts one by one on a connection and keeps the journal of it.
 *
 * <p>No statement waits for a lock without end: each attempt has a {@code lock_timeout}, attempts
 * are limited, and between them the queue behind the statement can move on.
 *
 * <p>Within a transaction every statement has a savepoint, so that another attempt does not lose
 * what came before. Without one, each statement has a transaction of its own, in which its end is
 * written into the journal, so that both last or neither; only what Postgres refuses there is
 * executed outside.
 */
final class StatementRunner {
  private static final int SHOWN_CHARACTERS = 200;
  private static final Pattern FIRST_WORD = Pattern.compile("[A-Za-z]+");

  /** Behind the body of such a function, the driver finds no end of the statement. */
  private static final Pattern OPEN_END =
      Pattern.compile("\\bbegin\\s+atomic\\b", Pattern.CASE_INSENSITIVE);

  private static final String MOMENT =
      "SELECT pg_catalog.pg_current_wal_insert_lsn(), pg_catalog.clock_timestamp()";

  private final Operation operation;
  private final MigratorSettings settings;
  private final Connection connection;
  private final RunLog log;
  private final boolean transactional;
  private final Duration statementTimeout;
  private final int session;
  private final Optional<String> transaction;

  private TimeBudget budget = TimeBudget.UNLIMITED;
  private boolean tolerant;
  private boolean savepoint;
  private Moment now = new Moment("", "");
  private int done;
  private boolean leftInvalidIndex;

  /**
   * A runner on a connection; within a transaction if the connection is not in autocommit mode.
   *
   * @param timeout how long each statement may take, if it is not what is configured
   */
  StatementRunner(
      Operation operation, Connection connection, RunLog log, Optional<Duration> timeout)
      throws SQLException {
    this.operation = operation;
    this.settings = operation.settings();
    this.connection = connection;
    this.log = log;
    this.transactional = !connection.getAutoCommit();
    this.statementTimeout = timeout.orElse(settings.statementTimeout());
    this.session = Integer.parseInt(text("SELECT pg_backend_pid()"));
    this.transaction = transactional ? Optional.of(transactionId()) : Optional.empty();
    ScriptSession.begin(connection, settings.lockTimeout(), statementTimeout);
  }

  /** From now on, a statement about something that is not there counts as done. */
  StatementRunner tolerant() {
    this.tolerant = true;
    return this;
  }

  /** From now on, no statement begins after the end of a budget. */
  StatementRunner within(TimeBudget newBudget) {
    this.budget = newBudget;
    return this;
  }

  /** How many statements were executed to their end. */
  int done() {
    return done;
  }

  /** Whether the statement that failed left an index which is of no use. */
  boolean leftInvalidIndex() {
    return leftInvalidIndex;
  }

  /**
   * Executes the statements of a script.
   *
   * @param skipped numbers of those that are done already
   */
  void run(Script script, ScriptKind kind, Set<Integer> skipped) throws SQLException {
    if (transactional) {
      now = moment();
    }
    for (int number = 1; number <= script.statements().size(); number++) {
      Task task = task(script, kind, number);
      if (skipped.contains(number)) {
        operation.observer().notice(task.place() + ": was done by an earlier run");
        done++;
      } else {
        if (budget.exceeded()) {
          throw MigratorFailures.overBudget(budget.words(), task.place(), state());
        }
        operation.observer().progress(task.place());
        run(task);
        done++;
      }
    }
  }

  /** Executes every statement of a script and wants one true boolean of each. */
  void verify(Script script) {
    for (int number = 1; number <= script.statements().size(); number++) {
      verify(task(script, ScriptKind.VERIFY, number));
    }
  }

  /**
   * Gives the connection back as it was: scripts may have changed roles and settings. Within a
   * transaction, what waits to be checked until its end is checked now.
   */
  void endSession() {
    try {
      execute(
          (transactional ? "SET CONSTRAINTS ALL IMMEDIATE; " : "")
              + "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL");
    } catch (SQLException e) {
      if (SqlFailures.isAboutConnection(e)) {
        throw MigratorFailures.connectionLost(operation.database().address(), e);
      }
      throw MigratorFailures.statementFailed(
          "The check of deferred constraints",
          "SET CONSTRAINTS ALL IMMEDIATE",
          e.getSQLState(),
          state(),
          e);
    }
  }

  /** A statement, and what is known about it before it is executed. */
  private record Task(
      Script script,
      ScriptKind kind,
      Statement statement,
      int number,
      String sql,
      String canonical) {
    private String hash() {
      return Sha256.hex(canonical);
    }

    /** Its first word, such as {@code ALTER}. */
    private String command() {
      Matcher word = FIRST_WORD.matcher(canonical);
      return word.find() ? word.group().toUpperCase(Locale.ROOT) : "";
    }

    private String place() {
      return "%s line %d (statement %d of %d)"
          .formatted(script.file(), statement.line(), number, script.statements().size());
    }
  }

  private Task task(Script script, ScriptKind kind, int number) {
    Statement statement = script.statements().get(number - 1);
    return new Task(
        script,
        kind,
        statement,
        number,
        statement.filled(script.file(), settings.placeholders()),
        statement.filledCanonical(script.file(), settings.placeholders()));
  }

  private void run(Task task) {
    Attempts attempts = new Attempts(task);
    while (!attempts.succeed()) {
      attempts.pause();
    }
  }

  /** The attempts at one statement. */
  private final class Attempts {
    private final Task task;
    private final long startedAt = System.nanoTime();
    private OpenStatement open;
    private boolean outside;
    private int count;
    private Duration waited = Duration.ZERO;
    private String inTheWay = "";

    private Attempts(Task task) {
      this.task = task;
    }

    /** Whether the statement is done now; false if it did not get its lock in this attempt. */
    private boolean succeed() {
      count++;
      try (LockWatch.Watch watch = operation.watch().watch(session, log::tryToFlush)) {
        return succeed(watch);
      } catch (SQLException e) {
        throw SqlFailures.ofOurs(operation.database(), e);
      }
    }

    private boolean succeed(LockWatch.Watch watch) throws SQLException {
      try {
        if (transactional) {
          within(watch);
        } else if (outside) {
          outside(watch);
        } else {
          alone(watch);
        }
        return true;
      } catch (SQLException e) {
        if (!transactional && !outside && SqlFailures.wantsNoTransaction(e)) {
          outside = true;
          log.move(open, Optional.empty());
          return succeed(watch);
        }
        if (tolerant && SqlFailures.isAboutAbsence(e)) {
          operation.observer().notice(task.place() + ": nothing there to undo");
          log.end(end(watch, true, Optional.empty(), Optional.of(e)));
          log.flush();
          return true;
        }
        waited = waited.plus(seen(watch, e));
        inTheWay = watch.blockers().orElse("a session that has let go meanwhile");
        if (SqlFailures.isAboutLocks(e) && count < settings.lockAttempts()) {
          return false;
        }
        throw failed(watch, e);
      }
    }

    /** In the transaction of the whole script. */
    private void within(LockWatch.Watch watch) throws SQLException {
      begin(transaction);
      try {
        Optional<Long> rows = executeBehindSavepoint();
        log.end(end(watch, true, rows, Optional.empty()));
      } catch (SQLException e) {
        if (!SqlFailures.isAboutConnection(e)) {
          execute("ROLLBACK TO SAVEPOINT tidemark");
        }
        throw e;
      }
    }

    /** In a transaction of its own, with which its end in the journal stands and falls. */
    private void alone(LockWatch.Watch watch) throws SQLException {
      log.flush();
      connection.setAutoCommit(false);
      try {
        begin(Optional.of(transactionId()));
        Optional<Long> rows = executeTask();
        // A script may work as a role that must not see the journal.
        execute("SET LOCAL ROLE NONE");
        StatementEnd end = end(watch, true, rows, Optional.empty());
        Journal.endStatement(connection, end);
        connection.commit();
        log.ended(end);
      } catch (SQLException e) {
        if (!SqlFailures.isAboutConnection(e)) {
          connection.rollback();
        }
        throw e;
      } finally {
        if (!connection.isClosed()) {
          connection.setAutoCommit(true);
        }
      }
    }

    /** Without a transaction of ours; what an attempt before it left is put out of the way. */
    private void outside(LockWatch.Watch watch) throws SQLException {
      Evidence.Finding before = Evidence.of(connection, task.canonical());
      if (before.wayOut().isPresent()) {
        operation.observer().notice(task.place() + ": first " + before.wayOut().get());
        execute(before.wayOut().get());
      }
      Optional<Long> rows =
          before.verdict() == Verdict.DETACH_PENDING ? Optional.empty() : executeTask();
      log.end(end(watch, true, rows, Optional.empty()));
      log.flush();
    }

    private void begin(Optional<String> in) throws SQLException {
      if (open == null) {
        StatementStart start =
            new StatementStart(log.run(), task.kind(), task.number(), task.hash(), in);
        open =
            transactional
                ? log.gather(start, task.command(), now)
                : log.begin(start, task.command());
      } else if (!transactional) {
        log.move(open, in);
      }
    }

    private Optional<Long> executeTask() throws SQLException {
      try (java.sql.Statement statement = connection.createStatement()) {
        statement.setEscapeProcessing(false);
        statement.execute(task.sql());
        return rows(statement);
      }
    }

    /** Statements of ours around it go the same way: one round trip for all. */
    private Optional<Long> executeBehindSavepoint() throws SQLException {
      String before =
          savepoint ? "RELEASE SAVEPOINT tidemark; SAVEPOINT tidemark; " : "SAVEPOINT tidemark; ";
      int resultsBefore = savepoint ? 2 : 1;
      boolean openEnd = OPEN_END.matcher(task.canonical()).find();
      savepoint = true;
      Optional<Long> rows;
      try (java.sql.Statement statement = connection.createStatement()) {
        statement.setEscapeProcessing(false);
        statement.execute(before + task.sql() + (openEnd ? "" : "\n; " + MOMENT));
        for (int i = 0; i < resultsBefore; i++) {
          statement.getMoreResults();
        }
        rows = rows(statement);
        if (!openEnd) {
          statement.getMoreResults();
          try (ResultSet moment = statement.getResultSet()) {
            now = moment(moment);
          }
        }
      }
      if (openEnd) {
        now = moment();
      }
      return rows;
    }

    private static Optional<Long> rows(java.sql.Statement executed) throws SQLException {
      long rows = executed.getLargeUpdateCount();
      return rows < 0 ? Optional.empty() : Optional.of(rows);
    }

    private StatementEnd end(
        LockWatch.Watch watch, boolean good, Optional<Long> rows, Optional<SQLException> failure) {
      return new StatementEnd(
          open,
          good,
          rows,
          count,
          good ? waited.plus(watch.waited()) : waited,
          Duration.ofNanos(System.nanoTime() - startedAt),
          failure.map(SQLException::getSQLState),
          failure.map(SQLException::getMessage),
          Optional.of(now).filter(at -> transactional && failure.isEmpty()));
    }

    private MigratorException failed(LockWatch.Watch watch, SQLException e) throws SQLException {
      if (SqlFailures.isAboutConnection(e)) {
        return MigratorFailures.connectionLost(operation.database().address(), e);
      }
      if (outside) {
        leftInvalidIndex =
            Evidence.of(connection, task.canonical()).verdict() == Verdict.INVALID_INDEX;
      }
      log.end(end(watch, false, Optional.empty(), Optional.of(e)));
      log.flush();
      return SqlFailures.isAboutLocks(e)
          ? MigratorFailures.lockNotAvailable(task.place(), count, inTheWay, state(), e)
          : failure(task, e);
    }

    /** A wait that ended in a timeout lasted as long as that, whenever it was looked at. */
    private Duration seen(LockWatch.Watch watch, SQLException e) {
      Duration seen = watch.waited();
      boolean timedOut = SqlFailures.isAboutLocks(e) && seen.compareTo(settings.lockTimeout()) < 0;
      return timedOut ? settings.lockTimeout() : seen;
    }

    private void pause() {
      long jittered = settings.lockPatience().pauseAfter(count).toMillis();
      operation
          .observer()
          .notice(
              "%s: no lock in attempt %d of %d, next in %d ms; in the way: %s"
                  .formatted(task.place(), count, settings.lockAttempts(), jittered, inTheWay));
      try {
        Thread.sleep(jittered);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Interrupted while waiting for a lock", e);
      }
    }
  }

  private void verify(Task task) {
    long startedAt = System.nanoTime();
    try {
      OpenStatement open =
          log.begin(
              new StatementStart(
                  log.run(), ScriptKind.VERIFY, task.number(), task.hash(), transaction),
              task.command());
      Verification verification = Verification.of(connection, task.sql());
      log.end(
          new StatementEnd(
              open,
              verification.holds(),
              Optional.empty(),
              1,
              Duration.ZERO,
              Duration.ofNanos(System.nanoTime() - startedAt),
              verification.failure().map(SQLException::getSQLState),
              verification.holds() ? Optional.empty() : Optional.of(verification.found()),
              Optional.empty()));
      if (verification.failure().isPresent()) {
        throw failure(task, verification.failure().get());
      }
      if (!verification.holds()) {
        throw MigratorFailures.verificationFailed(task.place(), verification.found(), state());
      }
    } catch (SQLException e) {
      throw SqlFailures.ofOurs(operation.database(), e);
    }
  }

  private MigratorException failure(Task task, SQLException e) {
    if (SqlFailures.isAboutConnection(e)) {
      return MigratorFailures.connectionLost(operation.database().address(), e);
    }
    if (SqlFailures.isTimeout(e)) {
      return MigratorFailures.statementTimedOut(
          task.place(), statementTimeout.toMillis() + " ms", state(), e);
    }
    String text = task.statement().text().strip().replaceAll("\\s+", " ");
    return MigratorFailures.statementFailed(
        task.place(),
        text.length() > SHOWN_CHARACTERS ? text.substring(0, SHOWN_CHARACTERS) + " …" : text,
        e.getSQLState(),
        state(),
        e);
  }

  /** What a failure leaves, in words. */
  String state() {
    if (transactional) {
      return "the change set's transaction was rolled back";
    }
    return done == 0
        ? "nothing of it was done"
        : "the statements before it are done, as it runs without a transaction";
  }

  private Moment moment() throws SQLException {
    try (java.sql.Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(MOMENT)) {
      return moment(rows);
    }
  }

  private static Moment moment(ResultSet rows) throws SQLException {
    rows.next();
    return new Moment(rows.getString(1), rows.getString(2));
  }

  private String transactionId() throws SQLException {
    return text("SELECT pg_current_xact_id()");
  }

  private String text(String query) throws SQLException {
    try (java.sql.Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private void execute(String sql) throws SQLException {
    try (java.sql.Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }
}
