package dev.tidemark.migrator.schema;

import static dev.tidemark.migrator.schema.Refusals.appendOnly;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsIT {
  private static final StatusWays INSTALLATIONS =
      new StatusWays(
          "connector_installations",
          Map.of(
              "active", List.of("suspended", "revoked"),
              "suspended", List.of("active", "revoked"),
              "revoked", List.of()));

  private static final String KEY =
      "INSERT INTO provider_keys (id, organization_id, workspace_id, provider_type_code, name,"
          + " endpoint_url, key_ciphertext, encryption_key_id, key_prefix, key_last_four)"
          + " VALUES ($new, $organization, $workspace, 'openai', 'New', 'https://api.example/v1',"
          + " decode(repeat('02', 48), 'hex'), 'key-1', 'sk-', 'wxyz')";

  private static final String INSTALLATION =
      "INSERT INTO connector_installations (id, organization_id, workspace_id,"
          + " connector_type_code, name, config_ciphertext, encryption_key_id,"
          + " installed_by_user_id) VALUES ($new, $organization, $workspace, 'slack', 'New',"
          + " decode(repeat('02', 64), 'hex'), 'key-1', $author)";

  private static final String RESULT =
      "INSERT INTO key_validation_results (organization_id, provider_key_id, outcome, http_status,"
          + " latency_ms, error_message, created_at)"
          + " VALUES ($organization, $new, '%s', 401, 20, NULL, clock_timestamp())";

  private static final String STATUS =
      "SELECT concat_ws(' ', validation_status, validated_at IS NOT NULL) FROM provider_keys"
          + " WHERE id = $new";

  private static final String LOGS =
      "SELECT concat_ws(' ', secret_kind, old_encryption_key_id, new_encryption_key_id, reason,"
          + " rotated_by_user_id) FROM secret_rotation_logs WHERE secret_id IN ($provider_key,"
          + " $connector_installation)";

  private static final String LOG =
      "INSERT INTO secret_rotation_logs (organization_id, secret_kind, secret_id,"
          + " old_encryption_key_id, new_encryption_key_id, reason, rotated_by_user_id)"
          + " VALUES ($organization, 'user_email', $author, 'key-1', 'key-2',"
          + " 'encryption_key_rotated', $author)";

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static Trial trial;

  @BeforeAll
  static void fill() {
    trial =
        Trial.with(
            POSTGRES.newMigratedDatabase(),
            "202611210905_tenancy",
            "202611210910_identity",
            "202611210915_models",
            "202611210920_workflows",
            "202611210925_runtime",
            "202611210930_secrets");
  }

  static Stream<Arguments> refusedKeys() {
    return Stream.of(
        arguments(
            KEY.replace("$organization, $workspace", "$nobody, NULL"),
            foreignKey("provider_keys", "provider_keys_organization_id_fkey")),
        arguments(
            KEY.replace("$workspace", "$second.workspace"),
            foreignKey("provider_keys", "provider_keys_workspace_id_fkey")),
        arguments(
            KEY.replace("'openai'", "'nobody'"),
            foreignKey("provider_keys", "provider_keys_provider_type_code_fkey")),
        arguments(
            KEY.replace("'New'", "' '"), check("provider_keys", "provider_keys_name_not_blank")),
        arguments(
            KEY.replace("$workspace", "NULL").replace("'New'", "'Main key'"),
            unique("uq_provider_keys_organization_id_workspace_id_name")),
        arguments(
            KEY.replace("https:", "http:"),
            check("provider_keys", "provider_keys_endpoint_url_is_https")),
        arguments(
            KEY.replace("https://api", "https://user:word@api"),
            check("provider_keys", "provider_keys_endpoint_url_is_https")),
        arguments(
            KEY.replace("/v1'", "/v1?key=secret'"),
            check("provider_keys", "provider_keys_endpoint_url_is_https")),
        arguments(
            KEY.replace("/v1'", "#secret'"),
            check("provider_keys", "provider_keys_endpoint_url_is_https")),
        arguments(
            KEY.replace("'https://api.example/v1'", "'https://a/' || repeat('x', 2000)"),
            check("provider_keys", "provider_keys_endpoint_url_is_https")),
        arguments(
            KEY.replace("decode(repeat('02', 48), 'hex')", "'sk-in-plain-text-0123456789'"),
            check("provider_keys", "provider_keys_key_ciphertext_length")),
        arguments(
            KEY.replace("repeat('02', 48)", "repeat('02', 65537)"),
            check("provider_keys", "provider_keys_key_ciphertext_length")),
        arguments(
            KEY.replace("'key-1'", "''"),
            check("provider_keys", "provider_keys_encryption_key_id_length")),
        arguments(
            KEY.replace("'wxyz'", "'xyz'"),
            check("provider_keys", "provider_keys_key_last_four_length")),
        arguments(
            KEY.replace("key_last_four)", "key_last_four, validated_at)")
                .replace("'wxyz')", "'wxyz', now())"),
            check("provider_keys", "provider_keys_validated_unless_pending")),
        arguments(
            KEY.replace("key_last_four)", "key_last_four, validation_status, validated_at)")
                .replace("'wxyz')", "'wxyz', 'valid', now())"),
            "provider_keys.validation_status cannot become valid by hand: key $new"),
        arguments(
            "UPDATE provider_keys SET validation_status = 'invalid' WHERE id = $provider_key",
            "provider_keys.validation_status cannot become invalid by hand: key $provider_key"),
        arguments(
            "INSERT INTO key_validation_results (organization_id, provider_key_id, outcome) VALUES"
                + " ($organization, $provider_key, 'valid'); UPDATE provider_keys SET validated_at"
                + " = '2099-01-01Z' WHERE id = $provider_key",
            "provider_keys.validated_at cannot be set by hand: key $provider_key"),
        arguments(
            "UPDATE provider_keys SET encryption_key_id = 'key-2' WHERE id = $provider_key",
            "provider_keys: encryption_key_id of $provider_key changed and its ciphertext did not"),
        arguments(
            "UPDATE provider_keys SET organization_id = $second.organization"
                + " WHERE id = $provider_key",
            kept("provider_keys", "organization_id")),
        arguments(
            "DELETE FROM provider_keys WHERE id = $provider_key",
            stillReferenced(
                "provider_keys",
                "key_validation_results_provider_key_id_fkey",
                "key_validation_results")),
        arguments(
            "INSERT INTO provider_types (code, label, description, sort_order)"
                + " VALUES ('Open AI', 'x', 'x', 1)",
            check("provider_types", "provider_types_code_is_name")),
        arguments(
            "INSERT INTO provider_types (code, label, description, sort_order)"
                + " VALUES ('other', '', 'x', 1)",
            check("provider_types", "provider_types_label_not_blank")));
  }

  static Stream<Arguments> refusedInstallations() {
    return Stream.of(
        arguments(
            INSTALLATION.replace("$workspace", "$second.workspace"),
            foreignKey("connector_installations", "connector_installations_workspace_id_fkey")),
        arguments(
            INSTALLATION.replace("'slack'", "'nothing'"),
            foreignKey(
                "connector_installations", "connector_installations_connector_type_code_fkey")),
        arguments(
            INSTALLATION.replace("$author", "$second.author"),
            foreignKey(
                "connector_installations", "connector_installations_installed_by_user_id_fkey")),
        arguments(
            INSTALLATION.replace("'New'", "''"),
            check("connector_installations", "connector_installations_name_not_blank")),
        arguments(
            INSTALLATION.replace("'New'", "'Tickets'"),
            unique("uq_connector_installations_organization_id_workspace_id_name")),
        arguments(
            INSTALLATION.replace("decode(repeat('02', 64), 'hex')", "'{\"token\":\"plain\"}'"),
            check("connector_installations", "connector_installations_config_ciphertext_length")),
        arguments(
            INSTALLATION.replace("'key-1'", "''"),
            check("connector_installations", "connector_installations_encryption_key_id_length")),
        arguments(
            "UPDATE connector_installations SET encryption_key_id = 'key-2'"
                + " WHERE id = $connector_installation",
            "connector_installations: encryption_key_id of $connector_installation changed and its"
                + " ciphertext did not"),
        arguments(
            "INSERT INTO tool_calls (organization_id, step_id, kind, connector_installation_id,"
                + " operation) VALUES ($organization, $step, 'connector',"
                + " $second.connector_installation, 'create_ticket')",
            foreignKey("tool_calls", "tool_calls_connector_installation_id_fkey")),
        arguments(
            "INSERT INTO connector_types (code, label, description, sort_order)"
                + " VALUES ('Jira Cloud', 'x', 'x', 1)",
            check("connector_types", "connector_types_code_is_name")),
        arguments(
            "INSERT INTO connector_types (code, label, description, sort_order)"
                + " VALUES ('other', ' ', 'x', 1)",
            check("connector_types", "connector_types_label_not_blank")));
  }

  static Stream<Arguments> refusedRecords() {
    return Stream.of(
        arguments(
            RESULT.formatted("valid").replace("$new", "$second.provider_key"),
            foreignKey("key_validation_results", "key_validation_results_provider_key_id_fkey")),
        arguments(
            RESULT.formatted("invalid").replace("401", "99"),
            check("key_validation_results", "key_validation_results_http_status_known")),
        arguments(
            RESULT.formatted("invalid").replace("20, NULL", "-1, NULL"),
            check("key_validation_results", "key_validation_results_latency_ms_not_negative")),
        arguments(
            RESULT.formatted("valid").replace("20, NULL", "20, 'No'"),
            check("key_validation_results", "key_validation_results_valid_without_error")),
        arguments(
            RESULT.formatted("invalid").replace("20, NULL", "20, repeat('x', 10001)"),
            check("key_validation_results", "key_validation_results_error_message_at_most_10000")),
        arguments(
            "UPDATE key_validation_results SET outcome = 'invalid'"
                + " WHERE id = $key_validation_result",
            appendOnly("key_validation_results", "UPDATE", "$key_validation_result")),
        arguments(
            "DELETE FROM key_validation_results WHERE id = $key_validation_result",
            appendOnly("key_validation_results", "DELETE", "$key_validation_result")),
        arguments("TRUNCATE key_validation_results", "key_validation_results is never truncated"),
        arguments(
            LOG.replace("$organization", "$nobody")
                .replace("'encryption_key_rotated', $author", "'encryption_key_rotated', NULL"),
            foreignKey("secret_rotation_logs", "secret_rotation_logs_organization_id_fkey")),
        arguments(
            LOG.replace(
                "'encryption_key_rotated', $author", "'encryption_key_rotated', $second.author"),
            foreignKey("secret_rotation_logs", "secret_rotation_logs_rotated_by_user_id_fkey")),
        arguments(
            LOG.replace("'key-2'", "'key-1'"),
            check("secret_rotation_logs", "secret_rotation_logs_rotated_key_changed")),
        arguments(
            LOG.replace("'key-1'", "''"),
            check("secret_rotation_logs", "secret_rotation_logs_encryption_key_ids_length")),
        arguments(
            "UPDATE secret_rotation_logs SET reason = 'scheduled' WHERE id = $secret_rotation_log",
            appendOnly("secret_rotation_logs", "UPDATE", "$secret_rotation_log")),
        arguments(
            "DELETE FROM secret_rotation_logs WHERE id = $secret_rotation_log",
            appendOnly("secret_rotation_logs", "DELETE", "$secret_rotation_log")),
        arguments("TRUNCATE secret_rotation_logs", "secret_rotation_logs is never truncated"));
  }

  @ParameterizedTest(name = "{1} <- {0}")
  @MethodSource({"refusedKeys", "refusedInstallations"})
  void whatMustNotBeIsRefusedByName(String sql, String message) throws SQLException {
    trial.assertRefused(message, sql);
  }

  @ParameterizedTest(name = "{1} <- {0}")
  @MethodSource("refusedRecords")
  void aRecordThatMustNotBeIsRefused(String sql, String message) throws SQLException {
    trial.assertRefused(message, KEY, sql);
  }

  static Stream<Arguments> installationWays() {
    return INSTALLATIONS.pairs();
  }

  @ParameterizedTest
  @MethodSource("installationWays")
  void anInstallationGoesTheWaysOfItsLifeOnly(String from, String to) throws SQLException {
    String make =
        INSTALLATION
            .replace("installed_by_user_id)", "installed_by_user_id, status)")
            .replace("$author)", "$author, '%s')".formatted(from));
    String go =
        "UPDATE connector_installations SET status = '%s' WHERE id = $new RETURNING status"
            .formatted(to);
    if (INSTALLATIONS.allowed(from, to)) {
      assertThat(trial.rows(make, go)).containsExactly(to);
    } else {
      trial.assertRefused(INSTALLATIONS.refusal(from, to), make, go);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "valid, valid t",
    "invalid, invalid t",
    "unreachable, pending f",
    "valid invalid, invalid t",
    "invalid valid, valid t",
    "valid unreachable, valid t",
    "invalid unreachable, invalid t"
  })
  void theLastCheckThatGotAnAnswerTellsWhatIsKnownOfAKey(String outcomes, String status)
      throws SQLException {
    Stream<String> results = Stream.of(outcomes.split(" ")).map(RESULT::formatted);

    assertThat(
            trial.rows(
                Stream.of(Stream.of(KEY), results, Stream.of(STATUS))
                    .flatMap(each -> each)
                    .toArray(String[]::new)))
        .containsExactly(status);
  }

  @Test
  void aReplacedKeyIsPendingAgainAndAKeyThatIsEncryptedAgainIsNot() throws SQLException {
    String valid = RESULT.formatted("valid");

    assertThat(
            trial.rows(
                KEY,
                valid,
                "UPDATE provider_keys SET key_ciphertext = decode(repeat('03', 48), 'hex')"
                    + " WHERE id = $new",
                STATUS))
        .containsExactly("pending f");
    assertThat(
            trial.rows(
                KEY,
                valid,
                "UPDATE provider_keys SET key_ciphertext = decode(repeat('03', 48), 'hex'),"
                    + " encryption_key_id = 'key-2' WHERE id = $new",
                STATUS))
        .containsExactly("valid t");
    assertThat(
            trial.rows(
                KEY,
                valid,
                "UPDATE provider_keys SET key_ciphertext = decode(repeat('03', 48), 'hex'),"
                    + " encryption_key_id = 'key-2', validation_status = 'pending'"
                    + " WHERE id = $new",
                STATUS))
        .containsExactly("pending f");
  }

  @Test
  void whatACheckShowedOfAKeyDoesNotHoldForTheOneThatReplacedIt() throws SQLException {
    trial.assertRefused(
        "provider_keys.validation_status cannot become valid by hand: key $provider_key",
        "UPDATE provider_keys SET key_ciphertext = decode(repeat('03', 48), 'hex')"
            + " WHERE id = $provider_key",
        "UPDATE provider_keys SET validation_status = 'valid', validated_at = now()"
            + " WHERE id = $provider_key");
  }

  @ParameterizedTest
  @CsvSource({
    "'', key-1, provider_key key-1 key-1 secret_replaced",
    "'', key-2, provider_key key-1 key-2 encryption_key_rotated",
    "compromised, key-1, provider_key key-1 key-1 compromised",
    "scheduled, key-2, provider_key key-1 key-2 scheduled"
  })
  void everyRotationIsLoggedWithItsReason(String reason, String newKey, String logged)
      throws SQLException {
    assertThat(
            trial.rows(
                "SELECT set_config('app.rotation_reason', '%s', true)".formatted(reason),
                "UPDATE provider_keys SET key_ciphertext = decode(repeat('03', 48), 'hex'),"
                    + " encryption_key_id = '%s' WHERE id = $provider_key".formatted(newKey),
                LOGS))
        .containsExactly(logged);
  }

  @Test
  void aServiceRotatesAConnectorsSecretsAndTheLogSaysWhoThoughItCannotReadOrWriteIt()
      throws SQLException {
    String[] rotation = {
      "GRANT tidemark_service, tidemark_auditor TO CURRENT_USER",
      "SELECT set_config('app.organization_id', $organization::text, true),"
          + " set_config('app.user_id', $author::text, true)",
      "SET LOCAL ROLE tidemark_service",
      "UPDATE connector_installations SET config_ciphertext = decode(repeat('03', 64), 'hex')"
          + " WHERE name = 'Tickets'"
    };

    assertThat(trial.rows(then(rotation, "SET LOCAL ROLE tidemark_auditor", LOGS)))
        .containsExactly("connector_config key-1 key-1 secret_replaced " + Trial.id("author"));
    trial.assertRefused("permission denied for table secret_rotation_logs", then(rotation, LOGS));
    trial.assertRefused("permission denied for table secret_rotation_logs", then(rotation, LOG));
  }

  @Test
  void aTemporaryTableOfTheCallerDoesNotTakeTheLogEntries() throws SQLException {
    assertThat(
            trial.rows(
                "CREATE TEMP TABLE secret_rotation_logs (LIKE secret_rotation_logs)",
                "UPDATE provider_keys SET key_ciphertext = decode(repeat('03', 48), 'hex')"
                    + " WHERE id = $provider_key",
                LOGS.replace("FROM secret", "FROM public.secret")))
        .containsExactly("provider_key key-1 key-1 secret_replaced");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE provider_keys SET name = 'Other' WHERE id = $provider_key",
        "UPDATE provider_keys SET key_ciphertext = key_ciphertext WHERE id = $provider_key"
      })
  void whatIsNoRotationIsNotLogged(String update) throws SQLException {
    assertThat(trial.rows(update, LOGS)).isEmpty();
  }

  private static String[] then(String[] statements, String... more) {
    return Stream.concat(Stream.of(statements), Stream.of(more)).toArray(String[]::new);
  }
}
