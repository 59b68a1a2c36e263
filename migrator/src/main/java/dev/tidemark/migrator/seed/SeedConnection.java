package dev.tidemark.migrator.seed;

import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.sql.SqlFailures;
import dev.tidemark.migrator.sql.SqlResource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A connection to seed by: in the role for it where that is to be had, without autocommit. */
final class SeedConnection implements AutoCloseable {
  /** insufficient_privilege; invalid_parameter_value, where the role does not exist. */
  private static final Set<String> NO_SUCH_ROLE = Set.of("42501", "22023");

  /** undefined_table, undefined_column, undefined_object, undefined_function. */
  private static final Set<String> UNDEFINED = Set.of("42P01", "42703", "42704", "42883");

  /** The class of integrity constraint violations. */
  private static final String INTEGRITY = "23";

  private final Connection connection;

  private SeedConnection(Connection connection) {
    this.connection = connection;
  }

  static SeedConnection open(Database database) throws SQLException {
    SeedConnection opened = new SeedConnection(database.connect());
    try {
      opened.prepare();
      return opened;
    } catch (SQLException e) {
      opened.close();
      throw e;
    }
  }

  private void prepare() throws SQLException {
    takeRole();
    execute("SELECT set_config('app.source', 'migration', false)");
    execute("SET timezone = 'UTC'");
    execute("SET lock_timeout = '10s'");
    execute(SqlResource.read(SeedConnection.class, "seed-id.sql"));
    connection.setAutoCommit(false);
  }

  Connection jdbc() {
    return connection;
  }

  /** The owner of the schema sees all tenants too, where nobody made him a member of the role. */
  private void takeRole() throws SQLException {
    try {
      execute("SET ROLE tidemark_seeding");
    } catch (SQLException e) {
      if (!NO_SUCH_ROLE.contains(String.valueOf(e.getSQLState()))) {
        throw e;
      }
    }
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Sets a parameter that statements of this transaction read with current_setting. */
  void set(String parameter, String value) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT set_config(?, ?, true)")) {
      statement.setString(1, parameter);
      statement.setString(2, value);
      statement.execute();
    }
  }

  /**
   * Runs a script of statements.
   *
   * @return how many rows they added or changed
   */
  long run(String script) throws SQLException {
    long rows = 0;
    try (Statement statement = connection.createStatement()) {
      boolean query = statement.execute(script);
      while (query || statement.getLargeUpdateCount() >= 0) {
        rows += query ? 0 : statement.getLargeUpdateCount();
        query = statement.getMoreResults();
      }
    }
    return rows;
  }

  /** Makes a table of text columns that lives as long as the transaction, with rows in it. */
  void load(String table, List<Map<String, String>> rows) throws SQLException {
    Collection<String> columns = rows.get(0).keySet();
    execute(
        "CREATE TEMPORARY TABLE %s (%s text) ON COMMIT DROP"
            .formatted(table, String.join(" text, ", columns)));
    String places = String.join(", ", columns.stream().map(column -> "?").toList());
    try (PreparedStatement statement =
        connection.prepareStatement("INSERT INTO %s VALUES (%s)".formatted(table, places))) {
      for (Map<String, String> row : rows) {
        List<String> values = new ArrayList<>(row.values());
        for (int i = 0; i < values.size(); i++) {
          statement.setString(i + 1, values.get(i));
        }
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  void commit() throws SQLException {
    connection.commit();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /** Which failure of the user's an exception is. */
  static MigratorException failure(Database database, SQLException e) {
    String state = String.valueOf(e.getSQLState());
    if (UNDEFINED.contains(state)) {
      return MigratorFailures.schemaLacks(database.address(), e);
    }
    if (state.startsWith(INTEGRITY)) {
      return MigratorFailures.rowInTheWay(database.address(), e);
    }
    if (SqlFailures.isAboutLocks(e)) {
      return MigratorFailures.seedWaits(database.address(), e);
    }
    return SqlFailures.ofOurs(database, e);
  }
}
