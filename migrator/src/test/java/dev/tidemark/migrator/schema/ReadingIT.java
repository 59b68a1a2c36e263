package dev.tidemark.migrator.schema;

import static dev.tidemark.migrator.testing.Sql.column;
import static dev.tidemark.migrator.testing.Sql.execute;
import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.testing.PostgresExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;

class ReadingIT {
  private static final String MINE = Trial.id("organization");
  private static final List<String> ROLES =
      List.of("tidemark_service", "tidemark_analytics", "tidemark_auditor");

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static Database database;

  @BeforeAll
  static void fill() throws SQLException {
    database = POSTGRES.newMigratedDatabase();
    Trial.with(database, "202611210905_tenancy", "202611210910_identity", "202611210950_metering");
    execute(database, "SELECT refresh_organization_usage_months()");
    for (String role : ROLES) {
      execute(database, "GRANT %s TO CURRENT_USER".formatted(role));
    }
  }

  @AfterAll
  static void takeBack() throws SQLException {
    for (String role : ROLES) {
      execute(database, "REVOKE %s FROM CURRENT_USER".formatted(role));
    }
  }

  @Test
  void everyEntityThatIsDeletedSoftlyHasItsView() throws SQLException {
    List<String> views =
        column(
            database,
            "SELECT viewname FROM pg_views WHERE schemaname = 'public' AND viewname LIKE"
                + " 'active\\_%' ORDER BY 1");
    assertThat(views)
        .containsExactlyElementsOf(
            column(
                database,
                "SELECT 'active_' || table_name FROM information_schema.columns WHERE table_schema"
                    + " = 'public' AND column_name = 'deleted_at' ORDER BY 1"))
        .contains("active_users", "active_workflows", "active_provider_keys", "active_models");
  }

  @Test
  void aDeletedRowIsNotActive() throws SQLException {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      String count =
          "SELECT count(*) FROM active_workspaces WHERE organization_id = '" + MINE + "'";
      assertThat(value(connection, count)).isEqualTo("2");
      execute(connection, "UPDATE workspaces SET deleted_at = now() WHERE slug = 'sales'");
      assertThat(value(connection, count)).isEqualTo("1");
      connection.rollback();
    }
  }

  @Test
  void aViewHasAllOtherColumnsWithTheirComments() throws SQLException {
    assertThat(
            column(
                database,
                "SELECT v.table_name || '.' || c.column_name FROM information_schema.columns AS c"
                    + " JOIN information_schema.views AS v ON v.table_name = 'active_' ||"
                    + " c.table_name WHERE c.table_schema = 'public' AND c.column_name <>"
                    + " 'deleted_at' AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid ="
                    + " v.table_name::regclass AND attname = c.column_name AND col_description("
                    + "attrelid, attnum) IS NOT NULL)"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tidemark_analytics", "tidemark_auditor"})
  void aViewOpensNothingThatItsTableDoesNot(String role) throws SQLException {
    try (Connection connection = as(role)) {
      assertThatExceptionOfType(PSQLException.class)
          .isThrownBy(() -> execute(connection, "SELECT email_ciphertext FROM active_users"))
          .withMessageContaining("permission denied");
    }
  }

  @Test
  void servicesReadActiveRowsOfTheirTenant() throws SQLException {
    try (Connection connection = as("tidemark_service")) {
      assertThat(column(connection, "SELECT DISTINCT organization_id FROM active_users"))
          .containsExactly(MINE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tidemark_service", "tidemark_analytics"})
  void aTenantReadsItsOwnMonths(String role) throws SQLException {
    try (Connection connection = as(role)) {
      assertThat(
              column(
                  connection,
                  "SELECT concat_ws(' ', organization_id, usage_month, request_count, error_count,"
                      + " input_tokens, cached_input_tokens, output_tokens, cost_usd) FROM"
                      + " current_organization_usage_months ORDER BY usage_month"))
          .containsExactly(
              MINE + " 2019-03-01 10 1 100 20 50 3.0000",
              MINE + " 2026-11-01 10 1 100 20 50 3.0000");
    }
  }

  /** Without the barrier the reader's function would run first, as it costs next to nothing. */
  @Test
  void aFunctionOfTheReadersSeesNoRowThatTheViewHides() throws SQLException {
    execute(
        database,
        "CREATE FUNCTION public.tell(organization uuid) RETURNS boolean LANGUAGE plpgsql COST 0.000001 AS"
            + " $$ BEGIN IF organization <> '%s' THEN RAISE 'I saw %%', organization; END IF;"
                .formatted(MINE)
            + " RETURN true; END $$");
    try (Connection connection = as("tidemark_service")) {
      assertThat(
              column(
                  connection,
                  "SELECT count(*) FROM current_organization_usage_months WHERE"
                      + " public.tell(organization_id)"))
          .containsExactly("2");
    } finally {
      execute(database, "DROP FUNCTION public.tell(uuid)");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tidemark_service", "tidemark_analytics", "tidemark_auditor"})
  void noTenantReadsTheMonthsOfAll(String role) throws SQLException {
    try (Connection connection = as(role)) {
      assertThatExceptionOfType(PSQLException.class)
          .isThrownBy(() -> execute(connection, "SELECT FROM organization_usage_months"))
          .withMessageContaining("permission denied for materialized view");
      assertThatExceptionOfType(PSQLException.class)
          .isThrownBy(() -> execute(connection, "SELECT refresh_organization_usage_months()"))
          .withMessageContaining("permission denied for function");
    }
  }

  @Test
  void theMonthsAreAsFreshAsTheLastRefreshAndCanBeReadMeanwhile() throws SQLException {
    Database other = POSTGRES.newMigratedDatabase();
    Trial.with(other, "202611210905_tenancy", "202611210950_metering");
    String sum = "SELECT coalesce(sum(request_count), 0) FROM organization_usage_months";
    assertThat(value(other, sum)).isEqualTo("0");
    try (Connection reader = other.connect()) {
      reader.setAutoCommit(false);
      assertThat(value(reader, sum)).isEqualTo("0");
      execute(other, "SET lock_timeout = '5s'", "SELECT refresh_organization_usage_months()");
      reader.rollback();
    }
    assertThat(value(other, sum)).isEqualTo("40");
  }

  @Test
  void absurdNumbersOfOneTenantDoNotEndTheRefreshForAll() throws SQLException {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      execute(
          connection,
          "INSERT INTO usage_summaries (grain, window_start, organization_id, provider, model,"
              + " request_count, error_count, input_tokens, cached_input_tokens, output_tokens,"
              + " cost_nano_usd, data_as_of) SELECT 'month', '2018-01-01Z', '%s', 'p', model, n, n,"
                  .formatted(MINE)
              + " n, n, n, n, now() FROM unnest('{a,b}'::text[]) AS model,"
              + " CAST(9223372036854775807 AS bigint) AS n",
          "SELECT refresh_organization_usage_months()");
      String twice = "18446744073709551614";
      assertThat(
              value(
                  connection,
                  "SELECT concat_ws(' ', request_count, error_count, input_tokens,"
                      + " cached_input_tokens, output_tokens, cost_usd) FROM"
                      + " organization_usage_months WHERE usage_month = '2018-01-01'"))
          .isEqualTo(String.join(" ", twice, twice, twice, twice, twice, "18446744073.7096"));
      connection.rollback();
    }
  }

  private static Connection as(String role) throws SQLException {
    Connection connection = database.connect();
    execute(
        connection,
        "SET ROLE " + role,
        "SELECT set_config('app.organization_id', '%s', false)".formatted(MINE));
    return connection;
  }
}
