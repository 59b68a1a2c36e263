package dev.tidemark.migrator.state;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What operations do, written down while they do it.
 *
 * <p>The connection is in autocommit mode and another one than that which executes the statements,
 * so that what is written survives whatever becomes of them. It is best the one that holds the
 * migrator's lock: whoever has lost the lock then cannot go on. The tables of {@link MigratorState}
 * must be there.
 */
public final class Journal {
  private static final String END_STATEMENT = MigratorState.resource("end-statement.sql");
  private static final String BEGIN_STATEMENT = MigratorState.resource("begin-statement.sql");
  private static final String WHOLE_STATEMENTS = MigratorState.resource("whole-statements.sql");
  private static final int LONGEST_MESSAGE = 2000;

  private final Connection connection;

  /** A journal on a connection. */
  public Journal(Connection connection) {
    this.connection = connection;
  }

  /**
   * Writes down that an operation begins.
   *
   * @param reason why a person wants it, in that person's words
   * @return the operation's id
   */
  public UUID beginOperation(OperationKind kind, Actor actor, Optional<String> reason)
      throws SQLException {
    UUID id = UUID.randomUUID();
    // What the server's own crash may take of the journal, it takes of the work that came after.
    try (java.sql.Statement statement = connection.createStatement()) {
      statement.execute("SET synchronous_commit = off");
    }
    update(
        MigratorState.resource("begin-operation.sql"),
        id,
        word(kind),
        actor.name(),
        actor.host(),
        actor.process(),
        reason.orElse(null));
    return id;
  }

  /** Writes down how an operation ended. */
  public void endOperation(UUID operation, OperationOutcome outcome, Optional<String> message)
      throws SQLException {
    update(
        "UPDATE tidemark.operations SET ended_at = clock_timestamp(), outcome = ?, message = ?"
            + " WHERE id = ?",
        word(outcome),
        shortened(message),
        operation);
  }

  /**
   * Writes down that a script is about to be run.
   *
   * @return the run's id
   */
  public long beginRun(UUID operation, RunStart start) throws SQLException {
    try (PreparedStatement statement =
        prepared(
            MigratorState.resource("begin-run.sql"),
            operation,
            start.changeSet(),
            start.description(),
            word(start.script()),
            start.checksum(),
            start.statements(),
            start.transactional(),
            start.session().pid(),
            start.session().startedAt(),
            start.catalogue().orElse(null))) {
      return onlyLong(statement);
    }
  }

  /** Writes down how a run ended, or corrects it. */
  public void endRun(long run, RunOutcome outcome, Optional<String> message) throws SQLException {
    endRun(connection, run, outcome, message);
  }

  /**
   * Writes down how a run ended within the transaction that executed it, so that both last or
   * neither.
   */
  public static void endRun(
      Connection executing, long run, RunOutcome outcome, Optional<String> message)
      throws SQLException {
    update(
        executing,
        "UPDATE tidemark.runs SET ended_at = clock_timestamp(), outcome = ?,"
            + " message = coalesce(?, message) WHERE id = ?",
        word(outcome),
        shortened(message),
        run);
  }

  /** Writes down that a run, undone up to now, begins again without a transaction around it. */
  public void continueWithoutTransaction(long run) throws SQLException {
    update(
        "WITH continued AS (UPDATE tidemark.runs SET transactional = false WHERE id = ?)"
            + " UPDATE tidemark.journal SET outcome = 'failed', ended_at = clock_timestamp(),"
            + " message = 'undone: the script does not run in one transaction' WHERE run_id = ?",
        run,
        run);
  }

  /**
   * Writes down that a statement is about to be executed and, in the same breath, what came of the
   * one before it.
   */
  public OpenStatement beginStatement(Optional<StatementEnd> before, StatementStart start)
      throws SQLException {
    String sql =
        before.isEmpty()
            ? BEGIN_STATEMENT
            : "WITH ended AS (" + END_STATEMENT + ") " + BEGIN_STATEMENT;
    List<Object> values = new ArrayList<>();
    before.ifPresent(end -> values.addAll(endOf(end)));
    values.addAll(values(start, Optional.empty()));
    try (PreparedStatement statement = prepared(sql, values.toArray());
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      return OpenStatement.written(start, rows.getLong(1), rows.getString(2));
    }
  }

  /**
   * Writes down statements that may have begun and ended some time ago.
   *
   * @param ended what came of some, in the order of execution
   * @param open the one after them, if it has not ended
   */
  public void write(List<StatementEnd> ended, Optional<OpenStatement> open) throws SQLException {
    List<List<Object>> whole = new ArrayList<>();
    for (StatementEnd end : ended) {
      if (end.statement().isWritten()) {
        endStatement(end);
      } else {
        List<Object> values = values(end.statement().start(), end.statement().time());
        values.addAll(values(end));
        whole.add(values);
      }
    }
    if (!whole.isEmpty()) {
      writeWhole(whole);
    }
    if (open.isPresent() && !open.get().isWritten()) {
      List<Object> values = values(open.get().start(), open.get().time());
      try (PreparedStatement begun = prepared(BEGIN_STATEMENT, values.toArray())) {
        open.get().writtenAs(onlyLong(begun));
      }
    }
  }

  private void writeWhole(List<List<Object>> rows) throws SQLException {
    List<Object> columns = new ArrayList<>();
    for (int column = 0; column < rows.get(0).size(); column++) {
      int place = column;
      // As text, which each array's cast makes what its column is.
      Object[] texts =
          rows.stream().map(row -> Objects.toString(row.get(place), null)).toArray(String[]::new);
      columns.add(connection.createArrayOf("text", texts));
    }
    try (PreparedStatement statement = prepared(WHOLE_STATEMENTS, columns.toArray())) {
      statement.executeUpdate();
    }
  }

  /** Writes down that a statement is executed in another transaction, or outside of any. */
  public void moveStatement(OpenStatement statement, Optional<String> transaction)
      throws SQLException {
    update(
        "UPDATE tidemark.journal SET transaction_id = ? WHERE id = ?",
        transaction.orElse(null),
        statement.id());
  }

  /** Writes down what came of a statement. */
  public void endStatement(StatementEnd end) throws SQLException {
    endStatement(connection, end);
  }

  /**
   * Writes down what came of a statement within the transaction that executed it, so that both last
   * or neither.
   */
  public static void endStatement(Connection executing, StatementEnd end) throws SQLException {
    try (PreparedStatement statement = prepared(executing, END_STATEMENT, endOf(end).toArray())) {
      statement.executeUpdate();
    }
  }

  /** Writes down what was found out afterwards about a statement that nobody saw the end of. */
  public void settleStatement(long entry, boolean done, String finding) throws SQLException {
    update(
        "UPDATE tidemark.journal SET ended_at = clock_timestamp(), outcome = ?, message = ?"
            + " WHERE id = ?",
        done ? "done" : "failed",
        finding,
        entry);
  }

  /** Raises a flag on a change set, or says anew why it is up. */
  public void raise(UUID operation, String changeSet, FailureState state, String message)
      throws SQLException {
    raise(connection, operation, changeSet, state, message);
  }

  /** Raises a flag within the transaction of somebody else, so that both last or neither. */
  public static void raise(
      Connection executing, UUID operation, String changeSet, FailureState state, String message)
      throws SQLException {
    update(
        executing,
        "INSERT INTO tidemark.flags (change_set, kind, message, raised_by) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (change_set) WHERE resolved_by IS NULL DO UPDATE SET"
            + " kind = excluded.kind, message = excluded.message, raised_by = excluded.raised_by,"
            + " raised_at = clock_timestamp()",
        changeSet,
        word(state),
        shortened(Optional.of(message)),
        operation);
  }

  /** Takes the flag of a change set down, if one is up. */
  public void resolve(UUID operation, String changeSet, Resolution resolution) throws SQLException {
    update(
        "UPDATE tidemark.flags SET resolution = ?, resolved_by = ?"
            + " WHERE change_set = ? AND resolved_by IS NULL",
        word(resolution),
        operation,
        changeSet);
  }

  /** The youngest run of every change set, by version. */
  public Map<String, Run> latestRuns() throws SQLException {
    Map<String, Run> runs = new TreeMap<>();
    try (PreparedStatement statement = prepared(MigratorState.resource("latest-runs.sql"));
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        Run run = run(rows);
        runs.put(run.changeSet(), run);
      }
    }
    return runs;
  }

  /** The flags that are up, by version. */
  public Map<String, Flag> flags() throws SQLException {
    Map<String, Flag> flags = new TreeMap<>();
    try (PreparedStatement statement =
            prepared(
                "SELECT change_set, kind, message, raised_at FROM tidemark.flags"
                    + " WHERE resolved_by IS NULL");
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        flags.put(
            rows.getString(1),
            new Flag(
                rows.getString(1),
                FailureState.valueOf(rows.getString(2).toUpperCase(Locale.ROOT)),
                rows.getString(3),
                rows.getObject(4, OffsetDateTime.class).toInstant()));
      }
    }
    return flags;
  }

  /**
   * The statements of a change set's script that were executed without a transaction around the
   * script and are done or may be done, since the change set last stood as a whole on one side or
   * the other.
   */
  public List<JournalEntry> unsettled(String changeSet, ScriptKind script) throws SQLException {
    List<JournalEntry> entries = new ArrayList<>();
    try (PreparedStatement statement =
            prepared(MigratorState.resource("unsettled-statements.sql"), changeSet, word(script));
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        entries.add(
            new JournalEntry(
                rows.getLong(1),
                rows.getInt(2),
                rows.getString(3),
                Optional.ofNullable(rows.getString(4)),
                "done".equals(rows.getString(5)),
                "failed".equals(rows.getString(5))));
      }
    }
    return entries;
  }

  /**
   * What the catalogue held before a change set was begun that stands part-way now, one line an
   * object; empty if nobody looked.
   */
  public Optional<String> catalogueBefore(String changeSet) throws SQLException {
    try (PreparedStatement statement =
            prepared(MigratorState.resource("unsettled-catalogue.sql"), changeSet);
        ResultSet rows = statement.executeQuery()) {
      return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
    }
  }

  private static Run run(ResultSet rows) throws SQLException {
    return new Run(
        rows.getLong("id"),
        rows.getObject("operation_id", UUID.class),
        rows.getString("change_set"),
        rows.getString("description"),
        ScriptKind.valueOf(rows.getString("script").toUpperCase(Locale.ROOT)),
        rows.getInt("statements"),
        rows.getBoolean("transactional"),
        rows.getObject("started_at", OffsetDateTime.class).toInstant(),
        Optional.ofNullable(rows.getString("outcome"))
            .map(word -> RunOutcome.valueOf(word.toUpperCase(Locale.ROOT))),
        Optional.ofNullable(rows.getString("message")),
        rows.getBoolean("at_work"),
        Optional.ofNullable(rows.getString("open_session")),
        Optional.ofNullable(rows.getObject("open_process", Integer.class)));
  }

  private static List<Object> values(StatementStart start, Optional<String> time) {
    List<Object> values = new ArrayList<>();
    values.add(start.run());
    values.add(word(start.script()));
    values.add(start.number());
    values.add(start.hash());
    values.add(start.transaction().orElse(null));
    values.add(time.orElse(null));
    return values;
  }

  private static List<Object> endOf(StatementEnd end) {
    List<Object> values = values(end);
    values.add(end.statement().id());
    return values;
  }

  private static List<Object> values(StatementEnd end) {
    List<Object> values = new ArrayList<>();
    values.add(end.moment().map(Moment::time).orElse(null));
    values.add(end.done() ? "done" : "failed");
    values.add(end.rows().orElse(null));
    values.add(end.attempts());
    values.add(end.lockWait().toMillis());
    values.add(end.duration().toMillis());
    values.add(end.sqlState().orElse(null));
    values.add(shortened(end.message()));
    values.add(end.moment().map(Moment::walPosition).orElse(null));
    values.add(end.statement().walPosition());
    return values;
  }

  private static String shortened(Optional<String> message) {
    return message
        .map(text -> text.substring(0, Math.min(text.length(), LONGEST_MESSAGE)))
        .orElse(null);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private void update(String sql, Object... values) throws SQLException {
    update(connection, sql, values);
  }

  private static void update(Connection on, String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = prepared(on, sql, values)) {
      statement.executeUpdate();
    }
  }

  private static long onlyLong(PreparedStatement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private PreparedStatement prepared(String sql, Object... values) throws SQLException {
    return prepared(connection, sql, values);
  }

  private static PreparedStatement prepared(Connection on, String sql, Object... values)
      throws SQLException {
    PreparedStatement statement = on.prepareStatement(sql);
    fill(statement, values);
    return statement;
  }

  private static void fill(PreparedStatement statement, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == null) {
        statement.setNull(i + 1, Types.NULL);
      } else {
        statement.setObject(i + 1, values[i]);
      }
    }
  }
}
