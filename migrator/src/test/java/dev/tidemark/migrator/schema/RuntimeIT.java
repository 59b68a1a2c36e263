package dev.tidemark.migrator.schema;

import static dev.tidemark.migrator.schema.Refusals.appendOnly;
import static dev.tidemark.migrator.schema.Refusals.check;
import static dev.tidemark.migrator.schema.Refusals.foreignKey;
import static dev.tidemark.migrator.schema.Refusals.kept;
import static dev.tidemark.migrator.schema.Refusals.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tidemark.migrator.partition.PartitionCare;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.testing.PostgresExtension;
import dev.tidemark.migrator.testing.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuntimeIT {
  private static final String[] TENANTS = {
    "202611210905_tenancy",
    "202611210910_identity",
    "202611210915_models",
    "202611210920_workflows",
    "202611210925_runtime"
  };

  private static final String START = "'2026-11-20 10:00Z'";
  private static final String END = "'2026-11-20 10:00:05Z'";

  private static final StatusWays RUNS =
      new StatusWays(
          "runs",
          Map.of(
              "queued", List.of("running", "cancelled"),
              "running", List.of("waiting_for_approval", "succeeded", "failed", "cancelled"),
              "waiting_for_approval", List.of("running", "failed", "cancelled"),
              "succeeded", List.of(),
              "failed", List.of(),
              "cancelled", List.of()));

  private static final StatusWays STEPS =
      new StatusWays(
          "steps",
          Map.of(
              "pending", List.of("running", "skipped", "cancelled"),
              "running", List.of("waiting_for_approval", "succeeded", "failed", "cancelled"),
              "waiting_for_approval", List.of("running", "failed", "cancelled"),
              "succeeded", List.of(),
              "failed", List.of("running"),
              "skipped", List.of(),
              "cancelled", List.of()));

  private static final StatusWays CALLS =
      new StatusWays(
          "tool_calls",
          Map.of(
              "running", List.of("succeeded", "failed", "cancelled"),
              "succeeded", List.of(),
              "failed", List.of(),
              "cancelled", List.of()));

  private static final StatusWays REQUESTS =
      new StatusWays(
          "approval_requests",
          Map.of(
              "pending", List.of("approved", "rejected", "expired", "cancelled"),
              "approved", List.of(),
              "rejected", List.of(),
              "expired", List.of(),
              "cancelled", List.of()));

  private static final String RUN =
      "INSERT INTO runs (id, organization_id, workspace_id, workflow_id, workflow_version_id,"
          + " requested_by_user_id, status, started_at, finished_at, error_code, error_message)"
          + " VALUES ($new, $organization, $workspace, $workflow, $workflow_version, $author,"
          + " '%s', %s, %s, %s, %s)";

  private static final String QUEUED = RUN.formatted("queued", "NULL", "NULL", "NULL", "NULL");

  private static final String STEP =
      "INSERT INTO steps (id, organization_id, run_id, sequence_number, name, retry_limit, status,"
          + " started_at, finished_at, error_code, error_message)"
          + " VALUES ($new, $organization, $run, 2, 'answer', 2, '%s', %s, %s, %s, %s)";

  private static final String PENDING_STEP =
      STEP.formatted("pending", "NULL", "NULL", "NULL", "NULL");

  private static final String CALL =
      "INSERT INTO tool_calls (id, organization_id, step_id, kind, model_version_id, operation,"
          + " status, started_at, finished_at, error_code, error_message, input_tokens,"
          + " cached_input_tokens, output_tokens, cost_nano_usd)"
          + " VALUES ($new, $organization, $step, 'llm', $model_version, 'chat',"
          + " '%s', "
          + START
          + ", %s, %s, %s, 10, 5, 3, 7)";

  private static final String RUNNING_CALL = CALL.formatted("running", "NULL", "NULL", "NULL");

  private static final String REQUEST =
      "INSERT INTO approval_requests (id, organization_id, run_id, step_id, requested_by_user_id,"
          + " risk_tier, reason, required_approvals, created_at, expires_at)"
          + " VALUES ($new, $organization, $run, $step, $author, 'high', 'May it?', 1, '2026-11-20"
          + " 10:00Z', '2099-12-31 00:00Z')";

  private static final String EXPIRED_REQUEST =
      REQUEST.replace("'2099-12-31 00:00Z'", "'2026-11-20 11:00Z'");

  private static final String DECISION =
      "INSERT INTO approval_decisions (organization_id, approval_request_id, decided_by_user_id,"
          + " verdict, reason) VALUES ($organization, %s, %s, '%s', 'Seen')";

  private static final String APPROVAL = DECISION.formatted("$new", "$approver", "approve");
  private static final String REJECTION = DECISION.formatted("$new", "$approver", "reject");

  /** Lets the run end, as if all of it had been some time ago. */
  private static final String OVER =
      "UPDATE runs SET status = 'cancelled', started_at = finish, finished_at = finish FROM (SELECT"
          + " %s AS finish) AS t WHERE id = $run";

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static Trial trial;

  @BeforeAll
  static void fill() {
    trial = Trial.with(POSTGRES.newMigratedDatabase(), TENANTS);
  }

  static Stream<Arguments> refusedRuns() {
    return Stream.of(
        arguments(
            QUEUED.replace("$workspace", "$other_workspace"),
            foreignKey("runs", "runs_workflow_id_fkey")),
        arguments(
            QUEUED.replace("$workflow,", "$nothing,"), "runs: workflow $nothing is not there"),
        arguments(
            QUEUED.replace("$workflow,", "$draft_workflow,"),
            foreignKey("runs", "runs_workflow_version_id_fkey")),
        arguments(
            QUEUED.replace("$workflow_version", "$second.workflow_version"),
            foreignKey("runs", "runs_workflow_version_id_fkey")),
        arguments(
            QUEUED
                .replace("requested_by_user_id", "requested_by_user_id, environment_id")
                .replace("$author", "$author, $second.environment"),
            foreignKey("runs", "runs_environment_id_fkey")),
        arguments(
            "INSERT INTO environments (id, organization_id, workspace_id, name, tier) VALUES"
                + " ($other_environment, $organization, $other_workspace, 'Live', 'production');"
                + QUEUED
                    .replace("requested_by_user_id", "requested_by_user_id, environment_id")
                    .replace("$author", "$author, $other_environment"),
            foreignKey("runs", "runs_environment_id_fkey")),
        arguments(
            QUEUED.replace("$author", "$second.author"),
            foreignKey("runs", "runs_requested_by_user_id_fkey")),
        arguments(
            QUEUED
                .replace("requested_by_user_id", "requested_by_user_id, idempotency_key")
                .replace("$author", "$author, 'order-1'"),
            unique("uq_runs_organization_id_idempotency_key")),
        arguments(
            QUEUED
                .replace("requested_by_user_id", "requested_by_user_id, idempotency_key")
                .replace("$author", "$author, ' '"),
            check("runs", "runs_idempotency_key_not_blank")),
        arguments(
            QUEUED
                .replace("requested_by_user_id", "requested_by_user_id, input_digest")
                .replace("$author", "$author, '\\x00'"),
            check("runs", "runs_input_digest_length")),
        arguments(
            RUN.formatted("queued", START, "NULL", "NULL", "NULL"),
            check("runs", "runs_queued_not_started")),
        arguments(
            RUN.formatted("running", "NULL", "NULL", "NULL", "NULL"),
            check("runs", "runs_begun_has_start")),
        arguments(
            RUN.formatted("waiting_for_approval", "NULL", "NULL", "NULL", "NULL"),
            check("runs", "runs_begun_has_start")),
        arguments(
            RUN.formatted("running", START, END, "NULL", "NULL"),
            check("runs", "runs_finish_at_end_only")),
        arguments(
            RUN.formatted("succeeded", START, "NULL", "NULL", "NULL"),
            check("runs", "runs_finish_at_end_only")),
        arguments(
            RUN.formatted("succeeded", END, START, "NULL", "NULL"),
            check("runs", "runs_finish_not_before_start")),
        arguments(
            RUN.formatted("failed", START, END, "NULL", "NULL"),
            check("runs", "runs_error_of_failed_only")),
        arguments(
            RUN.formatted("succeeded", START, END, "'timeout'", "NULL"),
            check("runs", "runs_error_of_failed_only")),
        arguments(
            RUN.formatted("running", START, "NULL", "NULL", "'Too slow'"),
            check("runs", "runs_error_message_with_code")),
        arguments(
            RUN.formatted("failed", START, END, "'timeout'", "repeat('x', 10001)"),
            check("runs", "runs_error_message_at_most_10000")),
        arguments(
            "UPDATE runs SET workflow_version_id = $new WHERE id = $run",
            kept("runs", "workflow_version_id")),
        arguments(
            "UPDATE runs SET requested_by_user_id = $approver WHERE id = $run",
            kept("runs", "requested_by_user_id")),
        arguments(
            "UPDATE runs SET idempotency_key = NULL WHERE id = $run",
            kept("runs", "idempotency_key")),
        arguments(
            "UPDATE runs SET organization_id = $second.organization WHERE id = $run",
            kept("runs", "organization_id")));
  }

  static Stream<Arguments> refusedSteps() {
    return Stream.of(
        arguments(
            PENDING_STEP.replace("$run", "$second.run"), "steps: run $second.run is not there"),
        arguments(
            PENDING_STEP.replace(", 2, 'answer'", ", 1, 'answer'"),
            unique("uq_steps_organization_id_run_id_sequence_number")),
        arguments(
            PENDING_STEP.replace(", 2, 'answer'", ", 0, 'answer'"),
            check("steps", "steps_sequence_number_positive")),
        arguments(PENDING_STEP.replace("'answer'", "''"), check("steps", "steps_name_not_blank")),
        arguments(
            PENDING_STEP.replace("'answer', 2", "'answer', 101"),
            check("steps", "steps_retry_limit_within_100")),
        arguments(
            PENDING_STEP.replace("retry_limit", "retry_count"),
            check("steps", "steps_retry_count_within_limit")),
        arguments(
            STEP.formatted("pending", START, "NULL", "NULL", "NULL"),
            check("steps", "steps_pending_not_started")),
        arguments(
            STEP.formatted("skipped", START, END, "NULL", "NULL"),
            check("steps", "steps_pending_not_started")),
        arguments(
            STEP.formatted("running", "NULL", "NULL", "NULL", "NULL"),
            check("steps", "steps_begun_has_start")),
        arguments(
            STEP.formatted("running", START, END, "NULL", "NULL"),
            check("steps", "steps_finish_at_end_only")),
        arguments(
            STEP.formatted("skipped", "NULL", "NULL", "NULL", "NULL"),
            check("steps", "steps_finish_at_end_only")),
        arguments(
            STEP.formatted("succeeded", END, START, "NULL", "NULL"),
            check("steps", "steps_finish_not_before_start")),
        arguments(
            STEP.formatted("failed", START, END, "NULL", "NULL"),
            check("steps", "steps_error_of_failed_only")),
        arguments(
            STEP.formatted("running", START, "NULL", "NULL", "'Too slow'"),
            check("steps", "steps_error_message_with_code")),
        arguments(
            STEP.formatted("failed", START, END, "'timeout'", "repeat('x', 10001)"),
            check("steps", "steps_error_message_at_most_10000")),
        arguments("UPDATE steps SET run_id = $new WHERE id = $step", kept("steps", "run_id")),
        arguments(
            "UPDATE steps SET sequence_number = 7 WHERE id = $step",
            kept("steps", "sequence_number")),
        arguments(
            "UPDATE steps SET retry_count = 1 WHERE id = $step",
            "steps.retry_count is counted by the database: step $step has 0"));
  }

  static Stream<Arguments> refusedRequests() {
    return Stream.of(
        arguments(
            REQUEST.replace("$run, $step", "$second.run, NULL"),
            foreignKey("approval_requests", "approval_requests_run_id_fkey")),
        arguments(
            REQUEST.replace("$step", "$second.step"),
            foreignKey("approval_requests", "approval_requests_step_id_fkey")),
        arguments(
            REQUEST.replace("$author", "$second.author"),
            foreignKey("approval_requests", "approval_requests_requested_by_user_id_fkey")),
        arguments(
            REQUEST.replace("'May it?'", "' '"),
            check("approval_requests", "approval_requests_reason_not_blank")),
        arguments(
            REQUEST.replace("'May it?'", "repeat('x', 2001)"),
            check("approval_requests", "approval_requests_reason_at_most_2000")),
        arguments(
            REQUEST.replace("'May it?', 1", "'May it?', 0"),
            check("approval_requests", "approval_requests_required_approvals_within_1_to_10")),
        arguments(
            REQUEST.replace("'May it?', 1", "'May it?', 11"),
            check("approval_requests", "approval_requests_required_approvals_within_1_to_10")),
        arguments(
            REQUEST.replace("2099-12-31 00:00Z", "2026-11-20 10:00Z"),
            check("approval_requests", "approval_requests_expires_after_creation")),
        arguments(
            "UPDATE approval_requests SET closed_at = now() WHERE id = $approval_request",
            check("approval_requests", "approval_requests_closed_unless_pending")),
        arguments(
            "UPDATE approval_requests SET status = 'cancelled' WHERE id = $approval_request",
            check("approval_requests", "approval_requests_closed_unless_pending")),
        arguments(
            "UPDATE approval_requests SET status = 'approved', closed_at = now()"
                + " WHERE id = $approval_request",
            "approval_requests.status cannot become approved: request $approval_request has 1 of 2"
                + " approvals"),
        arguments(
            REQUEST
                .replace("expires_at)", "expires_at, status, closed_at)")
                .replace("'2099-12-31 00:00Z')", "'2099-12-31 00:00Z', 'approved', now())"),
            "approval_requests.status cannot become approved: request $new has 0 of 1 approvals"),
        arguments(
            "UPDATE approval_requests SET status = 'rejected', closed_at = now()"
                + " WHERE id = $approval_request",
            "approval_requests.status cannot become rejected: nobody rejected request"
                + " $approval_request"),
        arguments(
            "UPDATE approval_requests SET status = 'expired', closed_at = now()"
                + " WHERE id = $approval_request",
            "approval_requests.status cannot become expired: request $approval_request has time"
                + " until 2099-12-31T00:00:00Z"));
  }

  static Stream<Arguments> refusedCalls() {
    return Stream.of(
        arguments(
            RUNNING_CALL.replace("$step", "$second.step"),
            foreignKey("tool_calls", "tool_calls_step_id_fkey")),
        arguments(
            RUNNING_CALL.replace("$model_version", "$nothing"),
            foreignKey("tool_calls", "tool_calls_model_version_id_fkey")),
        arguments(
            RUNNING_CALL.replace("$model_version", "NULL"),
            check("tool_calls", "tool_calls_llm_has_model")),
        arguments(
            RUNNING_CALL.replace("'llm', $model_version", "'connector', NULL"),
            check("tool_calls", "tool_calls_connector_has_installation")),
        arguments(
            RUNNING_CALL
                .replace("model_version_id", "connector_installation_id")
                .replace("'llm', $model_version", "'connector', $connector_installation"),
            check("tool_calls", "tool_calls_tokens_of_llm_only")),
        arguments(
            RUNNING_CALL
                .replace("model_version_id", "connector_installation_id")
                .replace("'llm', $model_version", "'connector', $connector_installation")
                .replace("10, 5, 3", "0, 0, 0"),
            foreignKey("tool_calls", "tool_calls_connector_installation_id_fkey")),
        arguments(
            RUNNING_CALL.replace("'chat'", "' '"),
            check("tool_calls", "tool_calls_operation_not_blank")),
        arguments(
            CALL.formatted("succeeded", "NULL", "NULL", "NULL"),
            check("tool_calls", "tool_calls_finish_at_end_only")),
        arguments(
            CALL.formatted("running", END, "NULL", "NULL"),
            check("tool_calls", "tool_calls_finish_at_end_only")),
        arguments(
            CALL.formatted("succeeded", "'2026-11-20 09:59Z'", "NULL", "NULL"),
            check("tool_calls", "tool_calls_finish_not_before_start")),
        arguments(
            RUNNING_CALL.replace("10, 5, 3", "-1, -1, 3"),
            check("tool_calls", "tool_calls_cached_input_tokens_within_input")),
        arguments(
            RUNNING_CALL.replace("10, 5, 3", "10, 11, 3"),
            check("tool_calls", "tool_calls_cached_input_tokens_within_input")),
        arguments(
            RUNNING_CALL.replace("10, 5, 3", "10, 5, -1"),
            check("tool_calls", "tool_calls_output_tokens_not_negative")),
        arguments(
            RUNNING_CALL.replace("3, 7)", "3, -7)"),
            check("tool_calls", "tool_calls_cost_nano_usd_not_negative")),
        arguments(
            CALL.formatted("failed", END, "NULL", "NULL"),
            check("tool_calls", "tool_calls_error_of_failed_only")),
        arguments(
            CALL.formatted("running", "NULL", "NULL", "'Too slow'"),
            check("tool_calls", "tool_calls_error_message_with_code")),
        arguments(
            CALL.formatted("failed", END, "'timeout'", "repeat('x', 10001)"),
            check("tool_calls", "tool_calls_error_message_at_most_10000")),
        arguments(
            "UPDATE tool_calls SET step_id = $new WHERE id = $running_call",
            kept("tool_calls", "step_id")),
        arguments(
            "UPDATE tool_calls SET kind = 'connector' WHERE id = $running_call",
            kept("tool_calls", "kind")),
        arguments(
            "UPDATE tool_calls SET started_at = now() WHERE id = $running_call",
            kept("tool_calls", "started_at")),
        arguments("TRUNCATE tool_calls", "tool_calls is never truncated"));
  }

  @ParameterizedTest(name = "{1} <- {0}")
  @MethodSource({"refusedRuns", "refusedSteps", "refusedRequests", "refusedCalls"})
  void whatMustNotBeIsRefusedByName(String sql, String message) throws SQLException {
    trial.assertRefused(message, sql);
  }

  static Stream<Arguments> runWays() {
    return RUNS.pairs();
  }

  @ParameterizedTest
  @MethodSource("runWays")
  void aRunGoesTheWaysOfItsLifeOnly(String from, String to) throws SQLException {
    assertWay(RUNS, from, to, RUN.formatted(from, start(from), end(from), error(from), "NULL"));
  }

  static Stream<Arguments> stepWays() {
    return STEPS.pairs();
  }

  @ParameterizedTest
  @MethodSource("stepWays")
  void aStepGoesTheWaysOfItsLifeOnly(String from, String to) throws SQLException {
    assertWay(STEPS, from, to, STEP.formatted(from, start(from), end(from), error(from), "NULL"));
  }

  static Stream<Arguments> callWays() {
    return CALLS.pairs();
  }

  @ParameterizedTest
  @MethodSource("callWays")
  void aCallGoesTheWaysOfItsLifeOnly(String from, String to) throws SQLException {
    String make = CALL.formatted(from, end(from), error(from), "NULL");
    String go =
        "UPDATE tool_calls SET status = '%s', finished_at = %s, error_code = %s WHERE id = $new"
            .formatted(to, end(to), error(to));
    assertWay(CALLS, from, to, List.of(make), go);
  }

  static Stream<Arguments> requestWays() {
    return REQUESTS.pairs();
  }

  @ParameterizedTest
  @MethodSource("requestWays")
  void aRequestGoesTheWaysOfItsLifeOnly(String from, String to) throws SQLException {
    String request = to.equals("expired") ? EXPIRED_REQUEST : REQUEST;
    List<String> make =
        switch (from) {
          case "approved" -> List.of(REQUEST, APPROVAL);
          case "rejected" -> List.of(REQUEST, REJECTION);
          case "expired" -> List.of(EXPIRED_REQUEST, close("expired"));
          case "cancelled" -> List.of(REQUEST, close("cancelled"));
          default -> List.of(request);
        };
    if (from.equals("pending") && Set.of("approved", "rejected").contains(to)) {
      String decision = to.equals("approved") ? APPROVAL : REJECTION;
      assertThat(
              trial.rows(
                  REQUEST,
                  decision,
                  "SELECT status || ' ' || (closed_at = now()) FROM approval_requests"
                      + " WHERE id = $new"))
          .containsExactly(to + " true");
    } else {
      assertWay(REQUESTS, from, to, make, close(to));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"suspended", "archived"})
  void aStoppedWorkflowStartsNoRuns(String status) throws SQLException {
    trial.assertRefused(
        "runs: workflow $workflow is %s and starts no runs".formatted(status),
        "UPDATE workflows SET status = '%s' WHERE id = $workflow".formatted(status),
        QUEUED);
  }

  @Test
  void theIdempotencyKeyOfADeletedRunStaysTakenAndManyRunsHaveNone() throws SQLException {
    trial.assertRefused(
        unique("uq_runs_organization_id_idempotency_key"),
        "UPDATE runs SET deleted_at = now() WHERE id = $run",
        QUEUED
            .replace("requested_by_user_id", "requested_by_user_id, idempotency_key")
            .replace("$author", "$author, 'order-1'"));
    assertThat(trial.rows(QUEUED, QUEUED.replace("$new", "$newer"), "SELECT 'done'"))
        .containsExactly("done");
  }

  @ParameterizedTest
  @ValueSource(strings = {"succeeded", "failed", "cancelled"})
  void aFinishedRunNeverChangesButCanBeDeleted(String status) throws SQLException {
    String made = RUN.formatted(status, START, END, error(status), "NULL");

    trial.assertRefused(
        "runs that are %s never change: $new stays as it is".formatted(status),
        made,
        "UPDATE runs SET finished_at = now() WHERE id = $new");
    assertThat(
            trial.rows(
                made, "UPDATE runs SET deleted_at = now() WHERE id = $new RETURNING version"))
        .containsExactly("2");
  }

  @Test
  void aTemporaryTableOfTheCallerDoesNotOpenAFinishedRun() throws SQLException {
    trial.assertRefused(
        "runs that are failed never change: $new stays as it is",
        RUN.formatted("failed", START, END, "'timeout'", "NULL"),
        "CREATE TEMP TABLE pg_attribute AS SELECT 'runs'::regclass::oid AS attrelid,"
            + " 'error_code'::name AS attname, 's'::\"char\" AS attgenerated",
        "UPDATE runs SET error_code = 'other' WHERE id = $new");
  }

  @ParameterizedTest
  @ValueSource(strings = {"succeeded", "failed", "skipped", "cancelled"})
  void aFinishedStepNeverChanges(String status) throws SQLException {
    trial.assertRefused(
        "steps that are %s never change: $new stays as it is".formatted(status),
        STEP.formatted(status, start(status), end(status), error(status), "NULL"),
        "UPDATE steps SET name = 'other' WHERE id = $new");
  }

  @ParameterizedTest
  @ValueSource(strings = {"succeeded", "failed", "cancelled"})
  void aFinishedCallNeverChangesButCanBeDeleted(String status) throws SQLException {
    String made = CALL.formatted(status, END, error(status), "NULL");

    trial.assertRefused(
        "tool_calls that are %s never change: $new stays as it is".formatted(status),
        made,
        "UPDATE tool_calls SET cost_nano_usd = 0 WHERE id = $new");
    assertThat(
            trial.rows(
                made, "UPDATE tool_calls SET deleted_at = now() WHERE id = $new RETURNING version"))
        .containsExactly("2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"approved", "rejected", "expired", "cancelled"})
  void aClosedRequestNeverChanges(String status) throws SQLException {
    String message = "approval_requests that are %s never change: $new stays as it is";
    String change = "UPDATE approval_requests SET notified_at = now() WHERE id = $new";
    switch (status) {
      case "approved" -> trial.assertRefused(message.formatted(status), REQUEST, APPROVAL, change);
      case "rejected" -> trial.assertRefused(message.formatted(status), REQUEST, REJECTION, change);
      default ->
          trial.assertRefused(message.formatted(status), EXPIRED_REQUEST, close(status), change);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run_id",
        "step_id",
        "requested_by_user_id",
        "risk_tier",
        "reason",
        "required_approvals",
        "expires_at"
      })
  void whatPeopleDecideAboutStays(String column) throws SQLException {
    String other =
        Map.of(
                "risk_tier", "'low'",
                "reason", "'Another'",
                "required_approvals", "1",
                "expires_at", "'infinity'")
            .getOrDefault(column, "$approver");
    trial.assertRefused(
        kept("approval_requests", "what is asked, by whom, and until when"),
        "UPDATE approval_requests SET %s = %s WHERE id = $approval_request"
            .formatted(column, other));
  }

  @ParameterizedTest
  @ValueSource(strings = {"succeeded", "failed", "cancelled"})
  void aFinishedRunTakesNoMoreSteps(String status) throws SQLException {
    String finish =
        "UPDATE runs SET status = '%s', finished_at = now(), error_code = %s WHERE id = $run"
            .formatted(status, error(status));
    String message = "steps: run $run is %s and takes no more steps".formatted(status);

    trial.assertRefused(message, finish, PENDING_STEP);
    trial.assertRefused(message, PENDING_STEP, finish, move("steps", "running"));
    assertThat(trial.rows(PENDING_STEP, finish, move("steps", "cancelled") + " RETURNING status"))
        .containsExactly("cancelled");
  }

  @Test
  void theDatabaseCountsRetriesUpToTheLimit() throws SQLException {
    String fail = move("steps", "failed");
    String retry = move("steps", "running") + " RETURNING retry_count";
    String step = STEP.formatted("running", START, "NULL", "NULL", "NULL");

    assertThat(trial.rows(step, fail, retry)).containsExactly("1");
    assertThat(trial.rows(step, fail, retry, fail, retry)).containsExactly("2");
    trial.assertRefused(
        check("steps", "steps_retry_count_within_limit"),
        step,
        fail,
        retry,
        fail,
        retry,
        fail,
        retry);
  }

  static Stream<Arguments> refusedDecisions() {
    return Stream.of(
        arguments(
            DECISION.formatted("$second.approval_request", "$approver", "approve"),
            "approval_decisions: request $second.approval_request is not there"),
        arguments(
            DECISION.formatted("$approval_request", "$approver", "reject"),
            unique("uq_approval_decisions_approval_request_id_decided_by_user_id")),
        arguments(
            DECISION.formatted("$approval_request", "$author", "approve"),
            "approval_decisions: user $author asked and may not decide request $approval_request"),
        arguments(
            DECISION.formatted("$approval_request", "$service_account", "approve"),
            "approval_decisions: user $service_account is no person of the organization and may not"
                + " decide"),
        arguments(
            DECISION.formatted("$approval_request", "$nobody", "approve"),
            "approval_decisions: user $nobody is no person of the organization and may not"
                + " decide"),
        arguments(
            DECISION.formatted("$approval_request", "$second.approver", "approve"),
            "approval_decisions: user $second.approver is no person of the organization and may"
                + " not decide"),
        arguments(
            DECISION
                .formatted("$approval_request", "$second_approver", "reject")
                .replace("'Seen'", "' '"),
            check("approval_decisions", "approval_decisions_rejection_has_reason")),
        arguments(
            DECISION
                .formatted("$approval_request", "$second_approver", "approve")
                .replace("'Seen'", "repeat('x', 2001)"),
            check("approval_decisions", "approval_decisions_reason_at_most_2000")),
        arguments(
            "UPDATE approval_decisions SET verdict = 'reject' WHERE id = $approval_decision",
            appendOnly("approval_decisions", "UPDATE", "$approval_decision")),
        arguments(
            "DELETE FROM approval_decisions WHERE id = $approval_decision",
            appendOnly("approval_decisions", "DELETE", "$approval_decision")),
        arguments("TRUNCATE approval_decisions", "approval_decisions is never truncated"));
  }

  @ParameterizedTest(name = "{1} <- {0}")
  @MethodSource("refusedDecisions")
  void aDecisionThatMustNotBeIsRefused(String sql, String message) throws SQLException {
    trial.assertRefused(message, sql);
  }

  @Test
  void whoAskedForTheRunDoesNotDecideThoughAnotherAskedForTheApproval() throws SQLException {
    trial.assertRefused(
        "approval_decisions: user $author asked and may not decide request $new",
        REQUEST.replace("$author", "$service_account"),
        DECISION.formatted("$new", "$author", "approve"));
  }

  @Test
  void aDecisionDoesNotComeInTheStatementThatMakesItsRequest() throws SQLException {
    trial.assertRefused(
        "approval_decisions: request $new is not there",
        "WITH decision AS (%s RETURNING approval_request_id) %s"
            .formatted(
                DECISION.formatted("$new", "$author", "approve"),
                REQUEST
                    .replace("VALUES ($new,", "SELECT approval_request_id,")
                    .replace("00:00Z')", "00:00Z' FROM decision")));
  }

  @Test
  void aDeletedRequestTakesNoDecisions() throws SQLException {
    trial.assertRefused(
        "approval_decisions: request $new is deleted and takes no decisions",
        REQUEST,
        "UPDATE approval_requests SET deleted_at = now() WHERE id = $new",
        APPROVAL);
  }

  @Test
  void aDeletedUserDecidesNothing() throws SQLException {
    trial.assertRefused(
        "approval_decisions: user $approver is no person of the organization and may not decide",
        REQUEST,
        "UPDATE users SET deleted_at = now() WHERE id = $approver",
        APPROVAL);
  }

  @Test
  void anExpiredRequestTakesNoDecisionsEvenBeforeSomebodyNotices() throws SQLException {
    trial.assertRefused(
        "approval_decisions: request $new expired at 2026-11-20T11:00:00Z",
        EXPIRED_REQUEST,
        APPROVAL);
  }

  @ParameterizedTest
  @CsvSource({"approve, approved", "reject, rejected"})
  void aClosedRequestTakesNoMoreDecisions(String verdict, String status) throws SQLException {
    trial.assertRefused(
        "approval_decisions: request $new is %s and takes no more decisions".formatted(status),
        REQUEST,
        DECISION.formatted("$new", "$approver", verdict),
        DECISION.formatted("$new", "$second_approver", "approve"));
  }

  @Test
  void aRequestIsApprovedByTheLastApprovalThatItNeedsAndNotBefore() throws SQLException {
    String status = "SELECT status FROM approval_requests WHERE id = $approval_request";
    String last = DECISION.formatted("$approval_request", "$second_approver", "approve");

    assertThat(trial.rows(status)).containsExactly("pending");
    assertThat(trial.rows(last, status)).containsExactly("approved");
  }

  @Test
  void twoDecisionsAtOnceAreJudgedOneAfterTheOther() throws Exception {
    Database own = POSTGRES.newMigratedDatabase();
    Trial.with(own, TENANTS);
    String request =
        "INSERT INTO approval_requests (id, organization_id, run_id, requested_by_user_id,"
            + " risk_tier, reason, required_approvals, expires_at) VALUES ('%s', '%s', '%s', '%s',"
            + " 'high', 'May it?', 2, 'infinity')";
    String decision =
        "INSERT INTO approval_decisions (organization_id, approval_request_id, decided_by_user_id,"
            + " verdict) VALUES ('%s', '%s', '%s', 'approve')";
    Sql.execute(
        own,
        request.formatted(
            Trial.id("new"), Trial.id("organization"), Trial.id("run"), Trial.id("author")));

    try (Connection first = own.connect()) {
      first.setAutoCommit(false);
      Sql.execute(
          first,
          decision.formatted(Trial.id("organization"), Trial.id("new"), Trial.id("approver")));
      CompletableFuture<Void> second =
          CompletableFuture.runAsync(
              () -> {
                try {
                  Sql.execute(
                      own,
                      decision.formatted(
                          Trial.id("organization"), Trial.id("new"), Trial.id("second_approver")));
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      while (Sql.value(
              own,
              "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                  + " AND wait_event_type = 'Lock'")
          .equals("0")) {
        assertThat(second).isNotDone();
        Thread.sleep(10);
      }
      first.commit();
      second.get(30, TimeUnit.SECONDS);
    }

    assertThat(
            Sql.value(
                own,
                "SELECT status FROM approval_requests WHERE id = '%s'".formatted(Trial.id("new"))))
        .isEqualTo("approved");
  }

  @Test
  void aServiceOfATenantDoesAllThatARunNeeds() throws SQLException {
    assertThat(
            trial.rows(
                "GRANT tidemark_service TO CURRENT_USER",
                "SELECT set_config('app.organization_id', $organization::text, true)",
                "SET LOCAL ROLE tidemark_service",
                RUN.formatted("queued", "NULL", "NULL", "NULL", "NULL").replace("$new", "$a_run"),
                move("runs", "running").replace("$new", "$a_run"),
                PENDING_STEP.replace("$run", "$a_run").replace("$new", "$a_step"),
                move("steps", "running").replace("$new", "$a_step"),
                RUNNING_CALL.replace("$step", "$a_step"),
                "UPDATE tool_calls SET status = 'succeeded', finished_at = now() WHERE id = $new",
                REQUEST.replace("$run, $step", "$a_run, $a_step"),
                APPROVAL,
                move("steps", "succeeded").replace("$new", "$a_step"),
                move("runs", "succeeded").replace("$new", "$a_run"),
                "SELECT concat_ws(' ', r.status, s.status, a.status, c.status) FROM runs AS r"
                    + " JOIN steps AS s ON s.run_id = r.id JOIN tool_calls AS c ON c.step_id = s.id"
                    + " JOIN approval_requests AS a ON a.step_id = s.id WHERE r.id = $a_run"))
        .containsExactly("succeeded succeeded approved succeeded");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM runs",
        "DELETE FROM tool_calls",
        "DELETE FROM approval_decisions",
        "UPDATE approval_decisions SET reason = 'x'",
        "TRUNCATE steps CASCADE"
      })
  void aServiceHasNoRightsThatItDoesNotNeed(String sql) throws SQLException {
    String table = sql.replaceFirst("(DELETE FROM|UPDATE|TRUNCATE) ", "").replaceFirst(" .*", "");

    trial.assertRefused(
        "permission denied for table " + table,
        "GRANT tidemark_service TO CURRENT_USER",
        "SELECT set_config('app.organization_id', $organization::text, true)",
        "SET LOCAL ROLE tidemark_service",
        sql);
  }

  @Test
  void whatIsOverLeavesWithEverythingThatBelongsToIt() throws SQLException {
    String left =
        "SELECT concat_ws(' ', (SELECT count(*) FROM runs WHERE id = $run), (SELECT count(*) FROM"
            + " steps WHERE id = $step), (SELECT count(*) FROM approval_requests WHERE id ="
            + " $approval_request), (SELECT count(*) FROM approval_decisions WHERE id ="
            + " $approval_decision), (SELECT count(*) FROM tool_calls WHERE step_id = $step),"
            + " (SELECT count(*) FROM runs WHERE id = $second.run))";
    String written =
        "SELECT action || ' ' || (old_values ->> 'verdict') FROM audit_log_entries WHERE"
            + " resource_id = $approval_decision ORDER BY sequence DESC LIMIT 1";
    String[] retire = {
      "GRANT tidemark_migration TO CURRENT_USER",
      "SET LOCAL ROLE tidemark_migration",
      OVER.formatted("now() - interval '399 days'"),
      "SELECT delete_expired_runs()",
      left
    };
    assertThat(trial.rows(retire)).containsExactly("1 1 1 1 2 1");
    retire[2] = OVER.formatted("now() - interval '401 days'");
    assertThat(trial.rows(retire)).containsExactly("0 0 0 0 0 1");
    retire[4] = "SET CONSTRAINTS ALL IMMEDIATE";
    assertThat(trial.rows(with(retire, written)))
        .containsExactly("approval_decisions.delete approve");
    // A workspace may keep its runs longer, or not as long.
    assertThat(
            trial.rows(
                "UPDATE workspace_settings SET run_retention = '2 years' WHERE workspace_id ="
                    + " $workspace",
                OVER.formatted("now() - interval '401 days'"),
                "SELECT delete_expired_runs()"))
        .containsExactly("0");
    assertThat(
            trial.rows(
                "UPDATE workspace_settings SET run_retention = '1 day' WHERE workspace_id ="
                    + " $workspace",
                OVER.formatted("now() - interval '2 days'"),
                "SELECT delete_expired_runs()"))
        .containsExactly("1");
    // Settings that were deleted decide nothing, and no more runs leave at once than asked for.
    assertThat(
            trial.rows(
                "UPDATE workspace_settings SET run_retention = '1 day', deleted_at = now() WHERE"
                    + " workspace_id = $workspace",
                OVER.formatted("now() - interval '2 days'"),
                "SELECT delete_expired_runs()"))
        .containsExactly("0");
    assertThat(
            trial.rows(
                OVER.formatted("now() - interval '401 days'"), "SELECT delete_expired_runs(0)"))
        .containsExactly("0");
  }

  /** What a scheduler calls every day takes them along. */
  @Test
  void theCareOfPartitionsDeletesWhatIsOver() throws SQLException {
    Database own = POSTGRES.newMigratedDatabase();
    Trial.with(own, TENANTS).commit(OVER.formatted("now() - interval '401 days'"));
    PartitionCare care = PartitionCare.open(own, Settings.parse(""));
    long runs = Long.parseLong(Sql.value(own, "SELECT count(*) FROM runs"));

    assertThat(care.plan().expiredRuns()).isZero();
    assertThat(Sql.value(own, "SELECT count(*) FROM runs")).isEqualTo(String.valueOf(runs));
    assertThat(care.run().expiredRuns()).isEqualTo(1);
    assertThat(Sql.value(own, "SELECT count(*) FROM runs")).isEqualTo(String.valueOf(runs - 1));
    assertThat(care.run().expiredRuns()).isZero();
  }

  @Test
  void decisionsLeaveOnlyWithTheirRun() throws SQLException {
    String over = OVER.formatted("now()");
    String mark = "UPDATE runs SET deleted_at = now() WHERE id = $run";
    String decision = "DELETE FROM approval_decisions WHERE id = $approval_decision";
    String refusal = appendOnly("approval_decisions", "DELETE", "$approval_decision");
    String commit = "SET CONSTRAINTS ALL IMMEDIATE";

    trial.assertRefused(refusal, mark, decision);
    trial.assertRefused(refusal, over, decision);
    trial.assertRefused(refusal, over, mark, decision, commit);
    trial.assertRefused(
        "approval_requests: request $approval_request is of run $run, which stays",
        over,
        mark,
        decision,
        "DELETE FROM approval_requests WHERE id = $approval_request",
        commit);
    trial.assertRefused(
        "runs: run $run is not over and cannot be deleted", "SELECT delete_runs(ARRAY[$run])");
    for (String function : List.of("delete_runs(ARRAY[$run])", "delete_expired_runs()")) {
      trial.assertRefused(
          "permission denied for function " + function.replaceFirst("[(].*", ""),
          "GRANT tidemark_service TO CURRENT_USER",
          "SET LOCAL ROLE tidemark_service",
          "SELECT " + function);
    }
  }

  /** Whoever lowers a risk or takes back a question is seen to do so. */
  @Test
  void whatDecidesAboutApprovalsIsAudited() throws SQLException {
    assertThat(
            trial.rows(
                "UPDATE workflows SET risk_tier = 'low' WHERE id = $workflow",
                "UPDATE approval_requests SET status = 'cancelled', closed_at = now() WHERE id ="
                    + " $approval_request",
                "SET CONSTRAINTS ALL IMMEDIATE",
                "SELECT action || ' ' || coalesce(new_values ->> 'risk_tier', new_values ->>"
                    + " 'status') FROM audit_log_entries WHERE resource_id IN ($workflow,"
                    + " $approval_request) AND action LIKE '%.update' ORDER BY sequence DESC LIMIT"
                    + " 2"))
        .containsExactly("approval_requests.update cancelled", "workflows.update low");
  }

  @Test
  void aCallTellsHowLongItTook() throws SQLException {
    assertThat(trial.rows("SELECT duration_ms FROM tool_calls WHERE id = $tool_call"))
        .containsExactly("1500");
  }

  private static String[] with(String[] statements, String last) {
    return Stream.concat(Stream.of(statements), Stream.of(last)).toArray(String[]::new);
  }

  private static void assertWay(StatusWays ways, String from, String to, String make)
      throws SQLException {
    assertWay(ways, from, to, List.of(make), move(ways.table(), to));
  }

  private static void assertWay(
      StatusWays ways, String from, String to, List<String> make, String go) throws SQLException {
    String[] statements =
        Stream.concat(make.stream(), Stream.of(go + " RETURNING status")).toArray(String[]::new);
    if (ways.allowed(from, to)) {
      assertThat(trial.rows(statements)).containsExactly(to);
    } else {
      trial.assertRefused(ways.refusal(from, to), statements);
    }
  }

  /** Moves the new run or step, with everything else that its new status asks for. */
  private static String move(String table, String to) {
    return "UPDATE %s SET status = '%s', started_at = %s, finished_at = %s, error_code = %s"
            .formatted(table, to, start(to), end(to), error(to))
        + " WHERE id = $new";
  }

  private static String close(String status) {
    return "UPDATE approval_requests SET status = '%s', closed_at = %s WHERE id = $new"
        .formatted(status, status.equals("pending") ? "NULL" : "now()");
  }

  private static String start(String status) {
    return Set.of("queued", "pending", "skipped").contains(status) ? "NULL" : START;
  }

  private static String end(String status) {
    return Set.of("succeeded", "failed", "skipped", "cancelled").contains(status) ? END : "NULL";
  }

  private static String error(String status) {
    return status.equals("failed") ? "'timeout'" : "NULL";
  }
}
