package dev.tidemark.migrator.operation;

import static dev.tidemark.migrator.testing.Sql.column;
import static dev.tidemark.migrator.testing.Sql.execute;
import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.testing.PostgresExtension;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;

class UsageEventsIT {
  private static final String LEAST =
      "INSERT INTO usage_events (id, occurred_at, organization_id, provider, model, status,"
          + " input_tokens, output_tokens) VALUES (gen_random_uuid(), %s, gen_random_uuid(), 'p',"
          + " 'm', 'success', 3, 4)";

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private final Database database = POSTGRES.newMigratedDatabase();

  @Test
  void eightColumnsAreEnough() throws SQLException {
    execute(database, LEAST.formatted("now()"));

    assertThat(
            column(
                database,
                "SELECT concat_ws(' ', cached_input_tokens, cost_nano_usd, received_at <= now(),"
                    + " latency_ms IS NULL) FROM usage_events"))
        .containsExactly("0 0 t t");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'1970-01-01Z'",
        "'2099-12-31 23:59:59.999999Z'",
        "'4713-01-01 BC'",
        "'infinity'",
        "now() - interval '10 years'"
      })
  void noEventIsRefusedForItsTime(String time) throws SQLException {
    execute(database, LEAST.formatted(time));

    assertThat(value(database, "SELECT tableoid::regclass FROM usage_events"))
        .isEqualTo("usage_events_default");
  }

  @Test
  void theStampIsTheWritingTransactionWhateverIsGiven() throws SQLException {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      String xid = value(connection, "SELECT pg_current_xact_id()::text");
      execute(
          connection,
          LEAST.formatted("now()"),
          LEAST
              .replace("output_tokens)", "output_tokens, ingested_xid)")
              .replace("3, 4)", "3, 4, 7)")
              .formatted("now()"),
          "SET LOCAL search_path = public",
          // Postgres has no COPY FROM under row-level security; a superuser's is not under it.
          "ALTER TABLE usage_events NO FORCE ROW LEVEL SECURITY");
      copy(connection, "now", "8");
      connection.commit();

      assertThat(column(connection, "SELECT ingested_xid FROM usage_events"))
          .containsExactly(xid, xid, xid);
    }
  }

  @Test
  void aLeafThatIsWrittenDirectlyIsStampedToo() throws SQLException {
    execute(
        database,
        LEAST
            .replace("usage_events", "usage_events_default")
            .replace("output_tokens)", "output_tokens, ingested_xid)")
            .replace("3, 4)", "3, 4, 7)")
            .formatted("'1990-01-01Z'"));

    assertThat(value(database, "SELECT ingested_xid > 100 FROM usage_events")).isEqualTo("t");
  }

  @Test
  void anUpdateIsRefusedWithItsReasonAndADeleteIsNot() throws SQLException {
    execute(database, LEAST.formatted("now()"));

    for (String update :
        List.of(
            "UPDATE usage_events SET input_tokens = 9",
            "UPDATE usage_events SET ingested_xid = 9",
            "INSERT INTO usage_events SELECT * FROM usage_events"
                + " ON CONFLICT (id, occurred_at) DO UPDATE SET input_tokens = 9")) {
      assertThatExceptionOfType(PSQLException.class)
          .isThrownBy(() -> execute(database, update))
          .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("23001"))
          .withMessageContaining("usage_events are never updated");
    }
    execute(database, "DELETE FROM usage_events");
    assertThat(value(database, "SELECT count(*) FROM usage_events")).isEqualTo("0");
  }

  @Test
  void aSecondDeliveryOfAnEventIsPassedOver() throws SQLException {
    execute(
        database,
        LEAST.formatted("now()"),
        "INSERT INTO usage_events SELECT * FROM usage_events ON CONFLICT DO NOTHING");

    assertThat(value(database, "SELECT count(*) FROM usage_events")).isEqualTo("1");
  }

  @ParameterizedTest
  @CsvSource({
    "status, 'done', usage_events_status_known",
    "http_status, 99, usage_events_http_status_known",
    "input_tokens, -1, usage_events_cached_input_tokens_within_input",
    "cached_input_tokens, 11, usage_events_cached_input_tokens_within_input",
    "cached_input_tokens, -1, usage_events_cached_input_tokens_within_input",
    "output_tokens, -1, usage_events_output_tokens_not_negative",
    "latency_ms, -1, usage_events_latency_ms_not_negative",
    "time_to_first_token_ms, -1, usage_events_time_to_first_token_ms_not_negative",
    "cost_nano_usd, -1, usage_events_cost_nano_usd_not_negative"
  })
  void aValueThatCannotBeIsRefusedByName(String column, String bad, String constraint) {
    String columns =
        "id, occurred_at, organization_id, provider, model, status, http_status, input_tokens,"
            + " cached_input_tokens, output_tokens, latency_ms, time_to_first_token_ms,"
            + " cost_nano_usd";
    String good =
        "SELECT gen_random_uuid() AS id, now() AS occurred_at, gen_random_uuid() AS"
            + " organization_id, 'p' AS provider, 'm' AS model, 'success' AS status, 200 AS"
            + " http_status, 10 AS input_tokens, 0 AS cached_input_tokens, 0 AS output_tokens, 0 AS"
            + " latency_ms, 0 AS time_to_first_token_ms, 0 AS cost_nano_usd";
    String value = bad.matches("-?[0-9]+") ? bad : "'" + bad + "'";
    String rows = "SELECT " + columns.replaceFirst("\\b" + column + "\\b", value) + " FROM good";

    assertThatExceptionOfType(PSQLException.class)
        .isThrownBy(
            () ->
                execute(
                    database,
                    "WITH good AS (%s) INSERT INTO usage_events (%s) %s"
                        .formatted(good, columns, rows)))
        .withMessageContaining(constraint);
  }

  @Test
  void theWeekOfNowAndThoseToComeHavePartitions() throws SQLException {
    execute(
        database,
        LEAST.formatted("now()"),
        LEAST.formatted("now() + interval '8 weeks'"),
        LEAST.formatted("now() - interval '8 weeks'"));

    assertThat(value(database, "SELECT count(*) FROM usage_events_default")).isEqualTo("0");
    assertThat(column(database, "SELECT create_usage_event_partitions('8 weeks', '8 weeks')"))
        .isEmpty();
  }

  @Test
  void aNewPartitionTakesItsRowsOutOfTheDefaultOneAndTheyKeepTheirStamps() throws SQLException {
    execute(
        database,
        LEAST.formatted("now() + interval '12 weeks'"),
        LEAST.formatted("now() + interval '20 weeks'"));
    List<String> before = column(database, "SELECT e::text FROM usage_events AS e ORDER BY id");

    List<String> made = column(database, "SELECT create_usage_event_partitions('12 weeks')");

    assertThat(made).hasSize(4);
    assertThat(column(database, "SELECT e::text FROM usage_events AS e ORDER BY id"))
        .isEqualTo(before);
    assertThat(value(database, "SELECT count(*) FROM usage_events_default")).isEqualTo("1");
    assertThat(value(database, "SELECT count(*) FROM " + made.get(3))).isEqualTo("1");
    execute(database, LEAST.formatted("now() + interval '12 weeks'"));
    assertThatExceptionOfType(PSQLException.class)
        .isThrownBy(() -> execute(database, "UPDATE " + made.get(3) + " SET output_tokens = 1"))
        .withMessageContaining("never updated");
  }

  @Test
  void anAttachedTablesRowsGetTheStampOfTheAttachingTransaction() throws SQLException {
    execute(
        database,
        LEAST.formatted("'2001-01-05Z'"),
        "CREATE TABLE loaded (LIKE usage_events INCLUDING ALL)",
        LEAST
            .replace("INTO usage_events", "INTO loaded")
            .replace("output_tokens)", "output_tokens, ingested_xid)")
            .replace("3, 4)", "3, 4, 1)")
            .formatted("'2001-01-02Z'"));
    String old = value(database, "SELECT ingested_xid FROM usage_events");
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      String xid = value(connection, "SELECT pg_current_xact_id()::text");
      String moved =
          value(
              connection,
              "SELECT attach_usage_event_partition('loaded', '2001-01-01Z', '2001-01-08Z')");
      connection.commit();

      assertThat(moved).isEqualTo("1");
      assertThat(column(connection, "SELECT ingested_xid FROM loaded ORDER BY occurred_at"))
          .containsExactly(xid, old);
    }
    assertThat(
            column(
                database,
                "SELECT DISTINCT tgenabled::text FROM pg_trigger WHERE tgrelid = 'loaded'::regclass"
                    + " AND tgname <> 'keep_tenant'"))
        .containsExactly("A");
  }

  @Test
  void everyPartitionStampsAndRefusesInReplicaModeToo() throws SQLException {
    // Only a superuser may set session_replication_role; the triggers' mode tells the same.
    assertThat(
            column(
                database,
                "SELECT DISTINCT concat(tgname, ' ', tgenabled) FROM pg_trigger"
                    + " WHERE tgrelid IN (SELECT relid FROM pg_partition_tree('usage_events'))"
                    + " ORDER BY 1"))
        .containsExactly(
            "keep_tenant O",
            "refuse_truncate A",
            "refuse_usage_event_update A",
            "stamp_usage_event A");
  }

  @Test
  void neitherTheTableNorAnyPartitionIsTruncated() throws SQLException {
    execute(database, LEAST.formatted("now()"), LEAST.formatted("'1990-01-01Z'"));
    execute(database, "SELECT create_usage_event_partitions('12 weeks')");

    for (String relation :
        column(database, "SELECT relid::regclass FROM pg_partition_tree('usage_events')")) {
      assertThatExceptionOfType(PSQLException.class)
          .as(relation)
          .isThrownBy(() -> execute(database, "TRUNCATE " + relation))
          .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("23001"))
          .withMessageContaining("is never truncated");
    }
    assertThat(value(database, "SELECT count(*) FROM usage_events")).isEqualTo("2");
  }

  @Test
  void aPartitionMadeLaterIsIsolatedAndReadByThePipelineAlone() throws SQLException {
    execute(
        database,
        "CREATE TABLE loaded (LIKE usage_events INCLUDING ALL)",
        "SELECT attach_usage_event_partition('loaded', '2001-01-01Z', '2001-01-08Z')",
        "ALTER TABLE usage_events DETACH PARTITION loaded",
        "SELECT attach_usage_event_partition('loaded', '2001-01-01Z', '2001-01-08Z')");
    String later = value(database, "SELECT create_usage_event_partitions('9 weeks')");

    for (String partition : List.of("loaded", later)) {
      assertThat(
              column(
                  database,
                  "SELECT concat_ws(' ', relrowsecurity, relforcerowsecurity,"
                      + " has_table_privilege('tidemark_extraction', oid, 'SELECT'),"
                      + " has_table_privilege('tidemark_service', oid, 'SELECT'),"
                      + " (SELECT count(*) FROM pg_policy WHERE polrelid = c.oid))"
                      + " FROM pg_class AS c WHERE relname = '%s'".formatted(partition)))
          .as(partition)
          .containsExactly("t t t f 2");
    }
  }

  /** Types are looked up among temporary ones first, whatever the search path says. */
  @Test
  void aTypeOfTheSessionCannotForgeTheStamp() throws SQLException {
    try (Connection connection = database.connect()) {
      execute(
          connection,
          "CREATE TYPE pg_temp.text AS ENUM ('x')",
          "CREATE FUNCTION pg_temp.text_of(xid8) RETURNS pg_temp.text LANGUAGE sql"
              + " RETURN 'x'::pg_temp.text",
          "CREATE FUNCTION pg_temp.number_of(pg_temp.text) RETURNS bigint LANGUAGE sql"
              + " RETURN 3::bigint",
          "CREATE CAST (xid8 AS pg_temp.text) WITH FUNCTION pg_temp.text_of(xid8)",
          "CREATE CAST (pg_temp.text AS bigint) WITH FUNCTION pg_temp.number_of(pg_temp.text)");
      connection.setAutoCommit(false);

      execute(connection, LEAST.formatted("now()"));

      assertThat(value(connection, "SELECT ingested_xid FROM usage_events"))
          .isEqualTo(value(connection, "SELECT pg_current_xact_id()::pg_catalog.text"));
      connection.rollback();
    }
  }

  private static void copy(Connection connection, String time, String xid) throws SQLException {
    String row =
        "00000000-0000-0000-0000-000000000001,%s,00000000-0000-0000-0000-000000000002,p,m,success,1,1,%s\n"
            .formatted(time, xid);
    try {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn(
              "COPY usage_events (id, occurred_at, organization_id, provider, model, status,"
                  + " input_tokens, output_tokens, ingested_xid) FROM STDIN (FORMAT csv)",
              new StringReader(row));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
