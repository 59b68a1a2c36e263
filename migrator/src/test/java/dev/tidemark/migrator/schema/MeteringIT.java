package dev.tidemark.migrator.schema;

import static dev.tidemark.migrator.schema.Refusals.appendOnly;
import static dev.tidemark.migrator.schema.Refusals.check;
import static dev.tidemark.migrator.schema.Refusals.foreignKey;
import static dev.tidemark.migrator.schema.Refusals.kept;
import static dev.tidemark.migrator.schema.Refusals.stillReferenced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tidemark.migrator.testing.PostgresExtension;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MeteringIT {
  private static final String LEAF = "usage_summaries_%s_202611";

  private static final String SUMMARY =
      "INSERT INTO usage_summaries (grain, window_start, organization_id, provider, model,"
          + " request_count, error_count, input_tokens, cached_input_tokens, output_tokens,"
          + " cost_nano_usd, data_as_of) VALUES ('%s', '%s', $organization, 'p', 'm', 1, 0, 1, 0, 1,"
          + " 1, now())";

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static Trial trial;

  @BeforeAll
  static void fill() {
    trial =
        Trial.with(POSTGRES.newMigratedDatabase(), "202611210905_tenancy", "202611210950_metering");
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        event(
            "'telepathy', 1, 0",
            foreignKey(eventLeaf(), "metering_events_metering_kind_code_fkey")),
        event("'api_call', -1, 0", check(eventLeaf(), "metering_events_quantity_not_negative")),
        event("'api_call', 'NaN', 0", check(eventLeaf(), "metering_events_quantity_not_negative")),
        event(
            "'api_call', 1, -1", check(eventLeaf(), "metering_events_cost_nano_usd_not_negative")),
        event("NULL, 1, 0", notNull("metering_kind_code", eventLeaf())),
        event("'api_call', NULL, 0", notNull("quantity", eventLeaf())),
        arguments(
            "UPDATE metering_events SET quantity = 2 WHERE id = $metering_event",
            appendOnly("metering_events", "UPDATE", "$metering_event")),
        arguments(
            "DELETE FROM metering_events WHERE id = $old_metering_event",
            appendOnly("metering_events", "DELETE", "$old_metering_event")),
        arguments("TRUNCATE metering_events", "metering_events is never truncated"),
        arguments("TRUNCATE metering_events_default", "metering_events_default is never truncated"),
        arguments(
            "UPDATE metering_kinds SET unit = 'byte' WHERE code = 'api_call'",
            kept("metering_kinds", "unit")),
        arguments(
            "UPDATE metering_kinds SET label = ' ' WHERE code = 'api_call'",
            check("metering_kinds", "metering_kinds_label_not_blank")),
        arguments(
            "INSERT INTO metering_kinds VALUES ('Api Call', 'x', 'x', 'call', 9)",
            check("metering_kinds", "metering_kinds_code_is_name")),
        arguments(
            "INSERT INTO metering_kinds VALUES ('x', 'x', 'x', 'kilo byte', 9)",
            check("metering_kinds", "metering_kinds_unit_is_name")),
        arguments(
            "DELETE FROM metering_kinds WHERE code = 'api_call'",
            stillReferenced(
                "metering_kinds", "metering_events_metering_kind_code_fkey", "metering_events")),
        summary(
            "hour", "request_count = 0, error_count = 0", "usage_summaries_request_count_positive"),
        arguments(
            "INSERT INTO metering_events (occurred_at, organization_id, metering_kind_code,"
                + " quantity) VALUES ('infinity', $organization, 'api_call', 1)",
            check("metering_events_default", "metering_events_times_finite")),
        arguments(
            SUMMARY.formatted("hour", "infinity"),
            check("usage_summaries_hour_default", "usage_summaries_window_start_finite")),
        summary("day", "model = repeat('m', 513)", "usage_summaries_texts_at_most_512"),
        summary("hour", "error_count = 11", "usage_summaries_error_count_within_requests"),
        summary("day", "error_count = -1", "usage_summaries_error_count_within_requests"),
        summary("day", "input_tokens = -1", "usage_summaries_cached_input_tokens_within_input"),
        summary(
            "day", "cached_input_tokens = 101", "usage_summaries_cached_input_tokens_within_input"),
        summary("month", "output_tokens = -1", "usage_summaries_output_tokens_not_negative"),
        summary("month", "cost_nano_usd = -1", "usage_summaries_cost_nano_usd_not_negative"),
        summary("hour", "latency_ms_sum = 5", "usage_summaries_latency_whole"),
        summary("hour", latencies(5, 4, 1, 2, 3), "usage_summaries_latency_ordered"),
        summary("hour", latencies(4, 5, 3, 2, 3), "usage_summaries_latency_ordered"),
        summary("hour", latencies(4, 5, 1, 4, 3), "usage_summaries_latency_ordered"),
        summary("hour", latencies(-1, 5, 1, 4, 5), "usage_summaries_latency_ordered"),
        arguments(
            "UPDATE usage_summaries SET request_count = 11 WHERE grain = 'hour'",
            "usage_summaries has revision 1 of this window, and 1 is not newer"),
        arguments(
            "UPDATE usage_summaries SET revision = 3, request_count = 11 WHERE grain = 'hour';"
                + " UPDATE usage_summaries SET revision = 2, request_count = 10 WHERE grain ="
                + " 'hour'",
            "usage_summaries has revision 3 of this window, and 2 is not newer"),
        arguments(
            "UPDATE usage_summaries SET latency_ms_sum = 9, latency_ms_min = 9, latency_ms_max = 9,"
                + " latency_p50_ms = 9, latency_p95_ms = 9, latency_p99_ms = 9, revision = 2 WHERE"
                + " grain = 'day'; UPDATE usage_summaries SET latency_p99_ms = 10 WHERE grain ="
                + " 'day'",
            "usage_summaries has revision 2 of this window, and 2 is not newer"),
        arguments(
            "INSERT INTO usage_publications (grain, lake, lake_table_id, lake_version, lake_commit)"
                + " VALUES ('day', 's3a://l/usage_daily', 't', -1, 'c')",
            check("usage_publications", "usage_publications_lake_version_not_negative")),
        arguments("TRUNCATE usage_summaries", "usage_summaries is never truncated"),
        arguments(
            "TRUNCATE usage_summaries_hour_default",
            "usage_summaries_hour_default is never truncated"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void whatBreaksARuleIsRefusedByItsName(String sql, String message) throws SQLException {
    trial.assertRefused(message, sql);
  }

  @ParameterizedTest
  @CsvSource({
    "hour, 2026-11-20 12:34Z, 2026-11-20 12:00Z",
    "hour, 2026-11-20 12:00:00.000001Z, 2026-11-20 23:00Z",
    "day, 2026-11-20 01:00Z, 2026-11-20 00:00Z",
    "day, 2026-11-20 00:00+02, 2026-11-21 02:00+02",
    "month, 2026-11-02Z, 2026-11-01Z"
  })
  void aWindowBeginsOnItsGrainInUtcWhateverTheSessionsZone(String grain, String wrong, String right)
      throws SQLException {
    String zone = "SET LOCAL timezone = 'Asia/Kolkata'";
    trial.assertRefused(
        check(LEAF.formatted(grain), "usage_summaries_window_start_on_grain"),
        zone,
        SUMMARY.formatted(grain, wrong));
    assertThat(
            trial.rows(
                zone,
                SUMMARY.formatted(grain, right),
                "SELECT tableoid::regclass FROM usage_summaries WHERE workspace_id IS NULL"))
        .containsExactly(LEAF.formatted(grain));
  }

  @Test
  void aSecondDeliveryOfAnEventIsPassedOver() throws SQLException {
    assertThat(
            trial.rows(
                "INSERT INTO metering_events SELECT * FROM metering_events ON CONFLICT DO NOTHING",
                "SELECT count(*) FROM metering_events WHERE organization_id = $organization"))
        .containsExactly("2");
    trial.assertRefused(
        Refusals.unique(eventLeaf() + "_pkey"),
        "INSERT INTO metering_events SELECT * FROM metering_events WHERE id = $metering_event");
  }

  @Test
  void noEventIsRefusedForItsTime() throws SQLException {
    assertThat(
            trial.rows(
                "SELECT tableoid::regclass FROM metering_events WHERE id = $old_metering_event"))
        .containsExactly("metering_events_default");
  }

  @Test
  void publishingAgainReplacesAndNullsAreKeys() throws SQLException {
    String again =
        SUMMARY.formatted("day", "2026-11-20Z")
            + " ON CONFLICT (organization_id, window_start, grain, workspace_id, user_id,"
            + " api_key_id, provider, model, operation) DO UPDATE SET request_count ="
            + " usage_summaries.request_count + 1, revision = usage_summaries.revision + 1";
    assertThat(
            trial.rows(
                again,
                again,
                again,
                "SELECT request_count || ' ' || revision FROM usage_summaries WHERE grain = 'day'"
                    + " AND organization_id = $organization AND workspace_id IS NULL"))
        .containsExactly("3 3");
  }

  /**
   * One publication: all tenants, only differences, what vanished, and how far, in one transaction.
   */
  @Test
  void thePipelinesRolePublishesWindowsOfAllTenants() throws SQLException {
    String published =
        "SELECT string_agg(request_count || ' ' || revision || ' ' || provider, ', ' ORDER BY"
            + " provider) FROM usage_summaries WHERE grain = 'day' AND window_start ="
            + " '2026-11-20Z' AND organization_id IN ($organization, $second.organization) GROUP BY"
            + " organization_id";
    String[] publication = {
      "GRANT tidemark_extraction TO CURRENT_USER",
      "SET LOCAL ROLE tidemark_extraction",
      "CREATE TEMP TABLE window_rows ON COMMIT DROP AS SELECT * FROM usage_summaries WHERE grain ="
          + " 'day' AND window_start = '2026-11-20Z'",
      "UPDATE window_rows SET request_count = 12 WHERE organization_id = $organization",
      "INSERT INTO window_rows SELECT (jsonb_populate_record(w, '{\"provider\": \"new\"}')).*"
          + " FROM window_rows AS w",
      "DELETE FROM window_rows WHERE organization_id = $second.organization AND provider ="
          + " 'openai'",
      "DELETE FROM usage_summaries AS s WHERE grain = 'day' AND window_start = '2026-11-20Z' AND"
          + " NOT EXISTS (SELECT FROM window_rows AS w WHERE (w.organization_id, w.workspace_id,"
          + " w.user_id, w.api_key_id, w.provider, w.model, w.operation) IS NOT DISTINCT FROM"
          + " (s.organization_id, s.workspace_id, s.user_id, s.api_key_id, s.provider, s.model,"
          + " s.operation))",
      "INSERT INTO usage_summaries AS s SELECT * FROM window_rows ON CONFLICT (organization_id,"
          + " window_start, grain, workspace_id, user_id, api_key_id, provider, model, operation)"
          + " DO UPDATE SET request_count = excluded.request_count, revision = s.revision + 1 WHERE"
          + " s.request_count <> excluded.request_count",
      "INSERT INTO usage_publications (grain, lake, lake_table_id, lake_version, lake_commit) VALUES"
          + " ('day', 's3a://lake/usage_daily', 't', 7, 'c') ON CONFLICT (grain) DO UPDATE SET"
          + " lake_version = excluded.lake_version",
      published
    };
    assertThat(trial.rows(publication))
        .containsExactlyInAnyOrder("12 1 new, 12 2 openai", "10 1 new");
    for (String role : List.of("tidemark_service", "tidemark_analytics", "tidemark_auditor")) {
      trial.assertRefused(
          "permission denied for table usage_publications",
          "GRANT " + role + " TO CURRENT_USER",
          "SET LOCAL ROLE " + role,
          "UPDATE usage_publications SET lake_version = 0");
    }
  }

  @Test
  void whatDoesNotChangeTheNumbersNeedsNoRevision() throws SQLException {
    assertThat(
            trial.rows("UPDATE usage_summaries SET data_as_of = '2026-11-21Z' RETURNING revision"))
        .containsOnly("1");
  }

  @Test
  void aDashboardOfAMonthReadsOnePartitionByItsIndex() throws SQLException {
    List<String> plan =
        trial.rows(
            "SET LOCAL enable_seqscan = off",
            "SELECT set_config('app.organization_id', $organization::text, true)",
            "EXPLAIN (COSTS OFF) SELECT window_start, sum(request_count) FROM usage_summaries WHERE"
                + " organization_id = $organization AND grain = 'day' AND window_start >="
                + " '2026-11-01Z' AND window_start < '2026-12-01Z' GROUP BY window_start");
    assertThat(plan)
        .filteredOn(line -> line.contains(" on usage_summaries"))
        .isNotEmpty()
        .allMatch(line -> line.contains("usage_summaries_day_202611"));
    assertThat(plan).anyMatch(line -> line.contains("Index Cond"));
  }

  @Test
  void everyKindHasItsUnit() throws SQLException {
    assertThat(trial.rows("SELECT code || ' ' || unit FROM metering_kinds ORDER BY sort_order"))
        .containsExactly(
            "api_call call",
            "connector_call call",
            "workflow_run run",
            "bytes_stored byte_hour",
            "bytes_sent byte");
  }

  private static Arguments event(String values, String message) {
    return arguments(
        "INSERT INTO metering_events (occurred_at, organization_id, metering_kind_code, quantity,"
            + " cost_nano_usd) VALUES (now(), $organization, "
            + values
            + ")",
        message);
  }

  private static Arguments summary(String grain, String change, String constraint) {
    return arguments(
        "UPDATE usage_summaries SET revision = 2, %s WHERE window_start > '2026-01-01Z'"
                .formatted(change)
            + " AND grain = '%s'".formatted(grain),
        check(LEAF.formatted(grain), constraint));
  }

  private static String latencies(int min, int max, int p50, int p95, int p99) {
    return "latency_ms_sum = 50, latency_ms_min = %d, latency_ms_max = %d, latency_p50_ms = %d,"
            .formatted(min, max, p50)
        + " latency_p95_ms = %d, latency_p99_ms = %d".formatted(p95, p99);
  }

  private static String notNull(String column, String table) {
    return "null value in column \"%s\" of relation \"%s\" violates not-null constraint"
        .formatted(column, table);
  }

  /** The partition of this month. */
  private static String eventLeaf() {
    return "metering_events_"
        + DateTimeFormatter.ofPattern("uuuuMM").format(LocalDate.now(ZoneOffset.UTC));
  }
}
