package dev.tidemark.migrator.schema;

import static dev.tidemark.migrator.schema.Refusals.check;
import static dev.tidemark.migrator.schema.Refusals.foreignKey;
import static dev.tidemark.migrator.schema.Refusals.kept;
import static dev.tidemark.migrator.schema.Refusals.stillReferenced;
import static dev.tidemark.migrator.schema.Refusals.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tidemark.migrator.testing.PostgresExtension;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GovernanceIT {
  private static final StatusWays REQUESTS =
      new StatusWays(
          "erasure_requests",
          Map.of(
              "received", List.of("running", "rejected"),
              "running", List.of("completed", "failed"),
              "failed", List.of("running"),
              "completed", List.of(),
              "rejected", List.of()));

  /** How a request comes to each status, and what that asks for. */
  private static final Map<String, String> COLUMNS =
      Map.of(
          "received",
              "failure_reason = NULL, rejection_reason = NULL, completed_at = NULL,"
                  + " evidence_digest = NULL",
          "running",
              "failure_reason = NULL, rejection_reason = NULL, completed_at = NULL,"
                  + " evidence_digest = NULL",
          "failed",
              "failure_reason = 'lake out of reach', rejection_reason = NULL, completed_at ="
                  + " NULL, evidence_digest = NULL",
          "rejected",
              "rejection_reason = 'not the person', failure_reason = NULL, completed_at ="
                  + " NULL, evidence_digest = NULL",
          "completed",
              "completed_at = now(), evidence_digest = sha256('report'), failure_reason ="
                  + " NULL, rejection_reason = NULL");

  private static final Map<String, List<String>> PATHS =
      Map.of(
          "received", List.of(),
          "running", List.of("running"),
          "failed", List.of("running", "failed"),
          "rejected", List.of("rejected"),
          "completed", List.of("running", "completed"));

  private static final String REQUEST =
      "INSERT INTO erasure_requests (organization_id, subject_user_id, requested_at, due_at)"
          + " VALUES ($organization, $second_approver, '2020-01-01Z', %s)";

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static Trial trial;

  @BeforeAll
  static void fill() {
    trial =
        Trial.with(
            POSTGRES.newMigratedDatabase(),
            "202611210905_tenancy",
            "202611210910_identity",
            "202611210955_governance");
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        policy(
            "retention = '0'",
            check("retention_policies", "retention_policies_retention_positive")),
        policy(
            "dataset = 'Usage events'",
            check("retention_policies", "retention_policies_dataset_is_name")),
        policy("dataset = 'sessions'", unique("uq_retention_policies_dataset")),
        policy(
            "legal_basis_code = 'whim'",
            foreignKey("retention_policies", "retention_policies_legal_basis_code_fkey")),
        policy(
            "data_class_code = 'x'",
            foreignKey("retention_policies", "retention_policies_data_class_code_fkey")),
        policy("action = 'burn'", "invalid input value for enum retention_action: \"burn\""),
        arguments(
            "DELETE FROM legal_bases WHERE code = 'contract'",
            stillReferenced(
                "legal_bases", "retention_policies_legal_basis_code_fkey", "retention_policies")),
        arguments(
            "DELETE FROM data_classes WHERE code = 'personal'",
            stillReferenced(
                "data_classes", "retention_policies_data_class_code_fkey", "retention_policies")),
        arguments(
            "UPDATE legal_bases SET label = '' WHERE code = 'contract'",
            check("legal_bases", "legal_bases_label_not_blank")),
        arguments(
            "INSERT INTO legal_bases VALUES ('No', 'x', 'x', 9)",
            check("legal_bases", "legal_bases_code_is_name")),
        arguments(
            "UPDATE data_classes SET label = ' ' WHERE code = 'public'",
            check("data_classes", "data_classes_label_not_blank")),
        arguments(
            "INSERT INTO data_classes VALUES ('top-secret', 'x', 'x', 9)",
            check("data_classes", "data_classes_code_is_name")),
        arguments(
            REQUEST.formatted("'2020-01-31 00:00:00.000001Z'"),
            check("erasure_requests", "erasure_requests_due_within_30_days")),
        arguments(
            REQUEST.formatted("'2020-01-01Z'"),
            check("erasure_requests", "erasure_requests_due_within_30_days")),
        arguments(
            REQUEST.formatted("now()").replace("'2020-01-01Z'", "'9999-01-01Z'"),
            "a request for erasure was made at 9999-01-01 00:00:00+00, which is in the future"),
        born("running", "", ""),
        born("completed", ", completed_at, evidence_digest", ", now(), sha256('report')"),
        born("failed", ", failure_reason", ", 'lake out of reach'"),
        born("rejected", ", rejection_reason", ", 'not the person'"),
        arguments(
            REQUEST.formatted("'2020-01-31Z'").replace("$second_approver", "$author"),
            unique("uq_erasure_requests_organization_id_subject_user_id")),
        arguments(
            REQUEST.formatted("'2020-01-31Z'").replace("$second_approver", "$second.author"),
            foreignKey("erasure_requests", "erasure_requests_subject_user_id_fkey")),
        request("requested_by_user_id = $second.author", kept("erasure_requests", "the request")),
        request("subject_user_id = NULL", kept("erasure_requests", "the request")),
        request("due_at = due_at - interval '1 s'", kept("erasure_requests", "the request")),
        request(
            "requested_at = requested_at - interval '1 s'",
            kept("erasure_requests", "the request")),
        request(
            "attempt_count = -1",
            check("erasure_requests", "erasure_requests_attempt_count_not_negative")),
        request(
            "failure_reason = 'x'",
            check("erasure_requests", "erasure_requests_failed_with_reason")),
        request(
            "rejection_reason = 'x'",
            check("erasure_requests", "erasure_requests_rejected_with_reason")),
        request(
            "status = 'rejected', rejection_reason = ' '",
            check("erasure_requests", "erasure_requests_reasons_told")),
        request(
            "status = 'rejected'",
            check("erasure_requests", "erasure_requests_rejected_with_reason")),
        request(
            "completed_at = now()",
            check("erasure_requests", "erasure_requests_completed_with_evidence")),
        request(
            "evidence_digest = sha256('x')",
            check("erasure_requests", "erasure_requests_completed_with_evidence")),
        arguments(
            "DELETE FROM erasure_requests WHERE id = $erasure_request",
            "erasure_requests keeps its rows: DELETE of row $erasure_request is refused"),
        arguments("TRUNCATE erasure_requests", "erasure_requests is never truncated"),
        arguments(
            "INSERT INTO erasure_requests (organization_id, requested_by_user_id)"
                + " VALUES ($organization, $second.author)",
            foreignKey("erasure_requests", "erasure_requests_requested_by_user_id_fkey")));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void whatBreaksARuleIsRefusedByItsName(String sql, String message) throws SQLException {
    trial.assertRefused(message, sql);
  }

  static Stream<Arguments> ways() {
    return REQUESTS.pairs();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aRequestGoesTheWaysThatItMay(String from, String to) throws SQLException {
    Stream<String> path = PATHS.get(from).stream().map(GovernanceIT::move);
    String[] statements = Stream.concat(path, Stream.of(move(to))).toArray(String[]::new);
    if (REQUESTS.allowed(from, to)) {
      assertThat(trial.rows(statements)).containsExactly(to);
    } else {
      trial.assertRefused(REQUESTS.refusal(from, to), statements);
    }
  }

  @Test
  void completionNeedsAWholeDigest() throws SQLException {
    trial.assertRefused(
        check("erasure_requests", "erasure_requests_evidence_digest_length"),
        move("running"),
        "UPDATE erasure_requests SET status = 'completed', completed_at = now(), evidence_digest ="
            + " 'short' WHERE id = $erasure_request");
    trial.assertRefused(
        check("erasure_requests", "erasure_requests_completed_after_request"),
        move("running"),
        "UPDATE erasure_requests SET status = 'completed', completed_at = requested_at - interval"
            + " '1 s', evidence_digest = sha256('x') WHERE id = $erasure_request");
  }

  @Test
  void anOutcomeStays() throws SQLException {
    trial.assertRefused(
        kept("erasure_requests", "the outcome"),
        move("running"),
        move("completed"),
        "UPDATE erasure_requests SET evidence_digest = sha256('better') WHERE id ="
            + " $erasure_request");
  }

  @Test
  void afterAnOutcomeTheSamePersonMayAskAgain() throws SQLException {
    assertThat(
            trial.rows(
                move("rejected"),
                REQUEST.formatted("'2020-01-31Z'").replace("$second_approver", "$author"),
                "SELECT status FROM erasure_requests WHERE subject_user_id = $author ORDER BY 1"))
        .containsExactly("received", "rejected");
  }

  @Test
  void aRequestIsDueInThirtyDaysUnlessSooner() throws SQLException {
    assertThat(
            trial.rows(
                "SET LOCAL timezone = 'Europe/Berlin'",
                "SELECT due_at - requested_at <= interval '720 hours' AND due_at - requested_at >"
                    + " interval '719 hours' FROM erasure_requests"))
        .containsOnly("t");
  }

  @Test
  void whoChangesARetentionIsInTheLog() throws SQLException {
    assertThat(
            trial.rows(
                "UPDATE retention_policies SET retention = '12 months' WHERE dataset = 'runs'",
                "SET CONSTRAINTS ALL IMMEDIATE",
                "SELECT concat_ws(' ', action, old_values, new_values) FROM audit_log_entries WHERE"
                    + " resource_type = 'retention_policies' AND action LIKE '%update'"))
        .containsExactly(
            "retention_policies.update {\"retention\": \"400 days\"} {\"retention\": \"1 year\"}");
  }

  private static String move(String to) {
    return "UPDATE erasure_requests SET status = '%s', %s WHERE id = $erasure_request RETURNING status"
        .formatted(to, COLUMNS.get(to));
  }

  private static Arguments policy(String change, String message) {
    return arguments(
        "UPDATE retention_policies SET " + change + " WHERE dataset = 'usage_events'", message);
  }

  /** A request that is inserted with a status that it has to come to. */
  private static Arguments born(String status, String columns, String values) {
    return arguments(
        "INSERT INTO erasure_requests (organization_id, subject_user_id, status%s)"
                .formatted(columns)
            + " VALUES ($organization, $second_approver, '%s'%s)".formatted(status, values),
        "a request for erasure begins as received, not as " + status);
  }

  private static Arguments request(String change, String message) {
    return arguments(
        "UPDATE erasure_requests SET " + change + " WHERE id = $erasure_request", message);
  }
}
