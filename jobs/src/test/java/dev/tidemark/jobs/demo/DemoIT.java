package dev.tidemark.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.jobs.CommandLineRun;
import dev.tidemark.jobs.TidemarkJobs;
import dev.tidemark.migrator.postgres.DatabaseLease;
import dev.tidemark.migrator.postgres.Databases;
import dev.tidemark.migrator.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo's numbers against DuckDB, which sees what Postgres and the partner's files hold. */
class DemoIT {
  private static final int ON_TIME = 2_000;

  @TempDir Path folder;

  @Test
  void theNumbersEqualTheOraclesAndTheNextRunFindsNothingNew() throws Exception {
    Path file = Files.writeString(folder.resolve("my.conf"), settings());
    String config = file.toString();
    CommandLineRun demo =
        CommandLineRun.of(
            TidemarkDemo::run, "--json", "--events", "" + ON_TIME, "--config", config);

    assertThat(demo.exit()).as(demo.err()).isZero();
    assertThat(demo.out()).hasLineCount(1);
    assertThat(demo.err()).contains("change sets applied", "partner", "reconciled");
    assertThat(demo.number("mismatches")).isZero();
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:")) {
      hear(duckdb);
      assertThat(demo.number("events")).isEqualTo(number(duckdb, "SELECT count(*) FROM events"));
      assertThat(demo.number("late_events"))
          .isEqualTo(number(duckdb, "SELECT count(*) FROM events") - ON_TIME)
          .isPositive();
      assertThat(demo.number("duplicates"))
          .isEqualTo(
              number(duckdb, "SELECT count(*) FROM good")
                  - number(duckdb, "SELECT count(*) FROM events"))
          .isPositive();
      assertThat(demo.number("quarantined"))
          .isEqualTo(number(duckdb, "SELECT count(*) FROM deliveries WHERE NOT good"))
          .isPositive();
      assertThat(demo.number("hourly_rows")).isEqualTo(groups(duckdb, "hour"));
      assertThat(demo.number("daily_rows")).isEqualTo(groups(duckdb, "day"));
      assertThat(demo.number("windows_reprocessed"))
          .isEqualTo(
              number(
                  duckdb,
                  "SELECT count(DISTINCT date_trunc('hour', occurred)) FROM events WHERE late"));
    }

    CommandLineRun again =
        CommandLineRun.of(TidemarkJobs::run, "rollup", "--json", "--config", config);
    assertThat(again.exit()).as(again.err()).isZero();
    assertThat(again.number("read")).isZero();
    assertThat(again.number("windows_reprocessed")).isZero();
  }

  @Test
  void aLakeThatNoDemoMadeIsLeftAlone() throws IOException {
    Path config = Files.writeString(folder.resolve("my.conf"), settings());
    Path mine = Files.createDirectories(folder.resolve("home/lake/mine"));

    CommandLineRun demo = CommandLineRun.of(TidemarkDemo::run, "--config", config.toString());

    assertThat(demo.exit()).isEqualTo(3);
    assertThat(demo.err()).contains("TM-JOB-006", "TIDEMARK_HOME");
    assertThat(mine).exists();
    assertThat(folder.resolve("home/postgres")).doesNotExist();
  }

  private String settings() {
    return "home = \"%1$s/home\", spark.sql.shuffle.partitions = 2".formatted(folder);
  }

  private void hear(Connection duckdb) throws IOException, SQLException {
    execute(
        duckdb,
        "CREATE TABLE deliveries (id VARCHAR, occurred TIMESTAMP, organization VARCHAR,"
            + " workspace VARCHAR, account VARCHAR, key VARCHAR, provider VARCHAR, model VARCHAR,"
            + " operation VARCHAR, late BOOLEAN, good BOOLEAN)");
    try (DatabaseLease lease = Databases.open(Settings.parse(settings()));
        Connection postgres = lease.database().connect();
        Statement statement = postgres.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT id::text, (occurred_at AT TIME ZONE 'UTC')::text, organization_id::text,"
                    + " workspace_id::text, user_id::text, api_key_id::text, provider, model,"
                    + " operation, received_at > occurred_at + interval '1 hour', true"
                    + " FROM usage_events");
        PreparedStatement insert =
            duckdb.prepareStatement(
                "INSERT INTO deliveries VALUES"
                    + " (?, CAST(? AS TIMESTAMP), ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      while (rows.next()) {
        for (int i = 1; i <= 11; i++) {
          insert.setObject(i, rows.getObject(i));
        }
        insert.executeUpdate();
      }
    }
    execute(duckdb, "CREATE TABLE lines (file VARCHAR, line VARCHAR)");
    for (int number = 1; number <= 2; number++) {
      Path file = folder.resolve("home/demo/partner/usage-" + number + ".json");
      for (String line : Files.readAllLines(file)) {
        try (PreparedStatement insert =
            duckdb.prepareStatement("INSERT INTO lines VALUES (?, ?)")) {
          insert.setString(1, file.toString());
          insert.setString(2, line);
          insert.executeUpdate();
        }
      }
    }
    execute(
        duckdb,
        """
        INSERT INTO deliveries
        SELECT
          o->>'id', CAST(o->>'time' AS TIMESTAMP),
          o->>'organization', NULL, NULL, NULL, o->>'provider', o->>'model', o->>'operation', true,
          coalesce(
            o->>'time' IS NOT NULL AND o->>'status' IN (
              'success', 'client_error', 'server_error', 'timeout', 'rate_limited', 'cancelled')
            AND coalesce(CAST(o->>'prompt_tokens' AS BIGINT), 0) >= 0
            AND coalesce(CAST(o->>'completion_tokens' AS BIGINT), 0) >= 0, false)
        FROM (SELECT CASE WHEN json_valid(line) THEN CAST(line AS JSON) END AS o FROM lines)
        """,
        "CREATE VIEW good AS SELECT * FROM deliveries WHERE good",
        // What Postgres has came first.
        "CREATE VIEW events AS SELECT DISTINCT ON (id, occurred) * FROM good"
            + " ORDER BY id, occurred, account NULLS LAST");
  }

  private static long groups(Connection duckdb, String unit) throws SQLException {
    return number(
        duckdb,
        "SELECT count(*) FROM (SELECT DISTINCT date_trunc('"
            + unit
            + "', occurred), organization, workspace, account, key, provider, model, operation"
            + " FROM events)");
  }

  private static void execute(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static long number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getLong(1);
    }
  }
}
