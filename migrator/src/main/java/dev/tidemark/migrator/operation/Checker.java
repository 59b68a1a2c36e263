package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.changeset.Check;
import dev.tidemark.migrator.changeset.Checks;
import dev.tidemark.migrator.changeset.Checks.CriticalTable;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.guard.Question;
import dev.tidemark.migrator.sql.SqlFailures;
import dev.tidemark.migrator.state.ScriptKind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What a change set wants to hold around one of its scripts.
 *
 * <p>Rows of critical tables are counted twice in one transaction that reads a single snapshot and
 * its own changes: what others insert and delete meanwhile does not count.
 */
final class Checker {
  private final Operation operation;
  private final Connection connection;
  private final ChangeSet changeSet;
  private final Checks checks;
  private final boolean binding;
  private final Map<String, Long> rowsBefore = new LinkedHashMap<>();

  /**
   * The checks of one script.
   *
   * @param binding false on a throw-away database, whose rows tell nothing
   */
  Checker(
      Operation operation,
      Connection connection,
      ChangeSet changeSet,
      ScriptKind kind,
      boolean binding) {
    this.operation = operation;
    this.connection = connection;
    this.changeSet = changeSet;
    this.checks = kind == ScriptKind.APPLY ? changeSet.checks() : changeSet.rollbackChecks();
    this.binding = binding;
  }

  /**
   * Makes the transaction, in which nothing was changed yet, one of a single snapshot if need be.
   */
  void begin() throws SQLException {
    if (!checks.criticalTables().isEmpty()) {
      // Flyway has looked at the history in it, after which Postgres keeps to the level it began
      // with.
      connection.commit();
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      }
    }
  }

  /** What has to hold before the first statement. */
  void before() throws SQLException {
    for (Check check : checks.before()) {
      ask(check, (name, found) -> MigratorFailures.checkRefused(name, changeSet.name(), found));
    }
    for (CriticalTable critical : checks.criticalTables()) {
      String name = "rows of " + critical.table();
      count(critical.table(), found -> MigratorFailures.checkRefused(name, changeSet.name(), found))
          .ifPresent(rows -> rowsBefore.put(critical.table(), rows));
    }
  }

  /**
   * What has to hold after the last.
   *
   * @param state what becomes of the script if it does not
   */
  void after(String state) throws SQLException {
    for (CriticalTable critical : checks.criticalTables()) {
      requireRows(critical, state);
    }
    for (Check check : checks.after()) {
      ask(
          check,
          (name, found) ->
              MigratorFailures.checkFailed(
                  "The check \"" + name + "\"", changeSet.name(), found, state));
    }
  }

  private void ask(Check check, BiFunction<String, String, MigratorException> refusal)
      throws SQLException {
    Question.Answer answer =
        Question.ask(
            connection,
            check,
            changeSet.name() + "/changeset.conf",
            operation.settings().placeholders());
    if (answer.met()) {
      return;
    }
    if (binding || !answer.executed()) {
      throw refusal.apply(check.name(), answer.found());
    }
    operation
        .observer()
        .notice(
            "%s: the check \"%s\" does not hold here: %s"
                .formatted(changeSet.name(), check.name(), answer.found()));
  }

  private void requireRows(CriticalTable critical, String state) throws SQLException {
    Function<String, MigratorException> failure =
        found ->
            MigratorFailures.checkFailed(
                "The number of rows in " + critical.table(), changeSet.name(), found, state);
    Optional<Long> after = count(critical.table(), failure);
    Long before = rowsBefore.get(critical.table());
    if (before == null && after.isEmpty()) {
      throw failure.apply("there is no such table, neither before it nor after it");
    }
    long rows = after.orElse(0L);
    long old = before == null ? 0 : before;
    if (!critical.rows().isMetBy(String.valueOf(rows - old))) {
      throw failure.apply(
          "it was %d and is %d, a difference of %+d; expected is %s"
              .formatted(old, rows, rows - old, critical.rows()));
    }
  }

  /** Rows as the role that logged in sees them; empty if there is no such table. */
  private Optional<Long> count(String table, Function<String, MigratorException> failure)
      throws SQLException {
    try {
      return Question.inReadOnly(
          connection, () -> exists(table) ? Optional.of(countAll(table)) : Optional.empty());
    } catch (SQLException e) {
      if (SqlFailures.isAboutConnection(e)) {
        throw e;
      }
      throw failure.apply(
          "counting failed with SQLSTATE " + e.getSQLState() + ": " + e.getMessage());
    }
  }

  private boolean exists(String table) throws SQLException {
    try (PreparedStatement find =
        connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
      find.setString(1, table);
      try (ResultSet rows = find.executeQuery()) {
        return rows.next() && rows.getBoolean(1);
      }
    }
  }

  private long countAll(String table) throws SQLException {
    try (Statement count = connection.createStatement();
        ResultSet rows = count.executeQuery("SELECT count(*) FROM " + table)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
