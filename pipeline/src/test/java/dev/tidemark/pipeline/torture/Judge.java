package dev.tidemark.pipeline.torture;

import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.pipeline.sql.SqlResource;
import dev.tidemark.pipeline.testing.Oracle;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;

/**
 * DuckDB's judgement of the tables: adds up what was delivered, and compares it row by row with
 * what both rollups and Postgres hold.
 */
final class Judge implements AutoCloseable {
  /** More of one table's rows help nobody. */
  private static final int MOST_ROWS = 10;

  private static final String HOUR = "occurred_at_micros // 3600000000 * 3600000000";
  private static final String DAY = "occurred_at_micros // 86400000000 * 86400000000";
  private static final String MONTH =
      "epoch_us(date_trunc('month', make_timestamp(occurred_at_micros)))";

  private static final String DIMENSIONS =
      "organization_id, workspace_id, user_id, api_key_id, provider, model, operation";
  private static final String EVENT =
      "event_id, occurred_at_micros, "
          + DIMENSIONS
          + ", status, input_tokens, cached_input_tokens, output_tokens, latency_ms, cost_nano_usd";
  private static final String SUMMARY =
      "window_start_micros, "
          + DIMENSIONS
          + ", request_count, error_count, input_tokens, cached_input_tokens, output_tokens,"
          + " cost_nano_usd, latency_ms_sum, latency_ms_min, latency_ms_max";
  private static final String GROUP =
      SUMMARY + ", first_event_at_micros, last_event_at_micros, latency_count";

  private final Connection duckdb;
  private final List<String> differences = new ArrayList<>();

  private Judge() throws SQLException {
    duckdb = DriverManager.getConnection("jdbc:duckdb:");
  }

  /**
   * Compares everything.
   *
   * @param dump what a worker has written out of the lake
   * @return a line for each row that is wrong, at first of each table; none where all is right
   */
  static List<String> differences(Database database, Path dump) throws SQLException {
    try (Judge judge = new Judge();
        Connection source = database.connect()) {
      judge.load(source, "events.sql", "deliveries");
      judge.load(source, "summaries.sql", "summaries");
      judge.load(source, "refused.sql", "refused");
      for (String table :
          List.of("usage_events", "usage_hourly", "usage_daily", "quarantined_events")) {
        judge.execute(
            "CREATE TABLE %s AS FROM read_parquet('%s/%1$s/*.parquet')".formatted(table, dump));
      }
      judge.compare("landed", EVENT, "deliveries", "usage_events");
      judge.compareGroups("usage_hourly", GROUP, HOUR, "usage_hourly");
      judge.compareGroups("usage_daily", GROUP, DAY, "usage_daily");
      judge.compareGroups("hours in Postgres", SUMMARY, HOUR, grain("hour"));
      judge.compareGroups("days in Postgres", SUMMARY, DAY, grain("day"));
      judge.compareGroups("months in Postgres", SUMMARY, MONTH, grain("month"));
      judge.refuse(
          "quarantined twice",
          "SELECT record_id FROM quarantined_events GROUP BY ALL HAVING count(*) > 1");
      judge.refuse(
          "neither landed nor quarantined",
          "SELECT event_id FROM refused EXCEPT SELECT event_id FROM quarantined_events");
      return judge.differences;
    }
  }

  private static String grain(String grain) {
    return "(FROM summaries WHERE grain = '" + grain + "')";
  }

  private void compareGroups(String what, String columns, String window, String actual)
      throws SQLException {
    String groups = SqlResource.of(Oracle.class, "oracle-groups.sql").text();
    execute("CREATE OR REPLACE TABLE expected AS " + groups.replace("${window}", window));
    compare(what, columns, "expected", actual);
    for (String[] quantile : new String[][] {{"p50", "0.5"}, {"p95", "0.95"}, {"p99", "0.99"}}) {
      String exact =
          "latencies[1 + floor(%s * (expected.latency_count - 1))::BIGINT]".formatted(quantile[1]);
      refuse(
          what + ", " + quantile[0],
          """
          SELECT expected.window_start_micros, actual.model, %2$s AS found, %3$s AS exact
          FROM expected JOIN %4$s AS actual
          ON (expected.window_start_micros, %5$s) IS NOT DISTINCT FROM (actual.window_start_micros, %1$s)
          WHERE (%2$s IS NULL) <> (expected.latencies IS NULL) OR abs(%2$s - %3$s) > 0.01 * %3$s
          """
              .formatted(of("actual"), quantile[0], exact, actual, of("expected")));
    }
  }

  private static String of(String table) {
    return table + "." + DIMENSIONS.replace(", ", ", " + table + ".");
  }

  private void compare(String what, String columns, String expected, String actual)
      throws SQLException {
    String rows = "SELECT %s FROM %s EXCEPT ALL SELECT %1$s FROM %s";
    refuse(what + ": expected and not found", rows.formatted(columns, expected, actual));
    refuse(what + ": found and not expected", rows.formatted(columns, actual, expected));
  }

  /** Every row of a query is a difference. */
  private void refuse(String what, String query) throws SQLException {
    try (Statement statement = duckdb.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      int columns = rows.getMetaData().getColumnCount();
      int count = 0;
      while (rows.next()) {
        if (++count <= MOST_ROWS) {
          List<String> values = new ArrayList<>();
          for (int column = 1; column <= columns; column++) {
            values.add(rows.getMetaData().getColumnName(column) + "=" + rows.getString(column));
          }
          differences.add(what + ": " + String.join(" ", values));
        }
      }
      if (count > MOST_ROWS) {
        differences.add(what + ": " + (count - MOST_ROWS) + " more");
      }
    }
  }

  private void load(Connection source, String file, String table) throws SQLException {
    String query = SqlResource.of(Judge.class, file).text();
    try (Statement statement = source.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      ResultSetMetaData columns = rows.getMetaData();
      List<String> declarations = new ArrayList<>();
      List<String> places = new ArrayList<>();
      for (int column = 1; column <= columns.getColumnCount(); column++) {
        String type =
            switch (columns.getColumnType(column)) {
              case Types.BIGINT -> "BIGINT";
              case Types.INTEGER -> "INTEGER";
              case Types.DOUBLE -> "DOUBLE";
              default -> "VARCHAR";
            };
        declarations.add(columns.getColumnName(column) + " " + type);
        places.add("?");
      }
      execute("CREATE TABLE %s (%s)".formatted(table, String.join(", ", declarations)));
      String insert = "INSERT INTO %s VALUES (%s)".formatted(table, String.join(", ", places));
      try (PreparedStatement into = duckdb.prepareStatement(insert)) {
        while (rows.next()) {
          for (int column = 1; column <= places.size(); column++) {
            into.setObject(column, rows.getObject(column));
          }
          into.addBatch();
        }
        into.executeBatch();
      }
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = duckdb.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    duckdb.close();
  }
}
