package dev.tidemark.migrator.state;

import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.sql.SqlResource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The migrator's own tables. They lie in schema {@code tidemark}, outside of the change sets, are
 * made on first use by small numbered scripts, and belong to the role that made them.
 */
public final class MigratorState {
  /** The schema that holds them. */
  public static final String SCHEMA = "tidemark";

  /** Their names; whatever else lies in that schema is not ours. */
  public static final Set<String> TABLES =
      Set.of(
          "state_versions",
          "change_set_history",
          "operations",
          "runs",
          "journal",
          "flags",
          "lint_results",
          "data_steps",
          "usage_observations",
          "approvals");

  /** Each is a file beside this class, executed once and never edited afterwards. */
  private static final List<String> SCRIPTS =
      List.of(
          "0001-journal", "0002-lint-results", "0010-guards", "0020-data-steps", "0030-approvals");

  private MigratorState() {}

  /** Whether the tables were made already. Writes nothing. */
  public static boolean exists(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT to_regclass('tidemark.state_versions') IS NOT NULL")) {
      return rows.next() && rows.getBoolean(1);
    }
  }

  /**
   * Makes the tables or brings them up to date; does nothing if they are. Safe to be called by
   * several sessions at once.
   *
   * @param connection in autocommit mode
   * @throws dev.tidemark.migrator.failure.MigratorException if a newer program made them
   */
  public static void ensure(Connection connection) throws SQLException {
    if (exists(connection) && missing(connection).isEmpty()) {
      return;
    }
    connection.setAutoCommit(false);
    try {
      // Whoever comes second waits for the first and then finds nothing to do.
      execute(connection, "SET LOCAL lock_timeout = '30s'");
      execute(connection, "SELECT pg_advisory_xact_lock(hashtext('tidemark.state_versions'))");
      execute(connection, resource("bootstrap.sql"));
      for (String script : missing(connection)) {
        execute(connection, resource(script + ".sql"));
        record(connection, script);
      }
      connection.commit();
    } catch (SQLException | RuntimeException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  /** The scripts that are not executed yet, in order. */
  private static List<String> missing(Connection connection) throws SQLException {
    Set<String> executed = new HashSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT script FROM tidemark.state_versions")) {
      while (rows.next()) {
        executed.add(rows.getString(1));
      }
    }
    Set<String> unknown = new TreeSet<>(executed);
    unknown.removeAll(SCRIPTS);
    if (!unknown.isEmpty()) {
      throw MigratorFailures.stateNewer(String.join(", ", unknown));
    }
    return SCRIPTS.stream().filter(script -> !executed.contains(script)).toList();
  }

  private static void record(Connection connection, String script) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("INSERT INTO tidemark.state_versions (script) VALUES (?)")) {
      statement.setString(1, script);
      statement.executeUpdate();
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }

  static String resource(String name) {
    return SqlResource.read(MigratorState.class, name);
  }
}
