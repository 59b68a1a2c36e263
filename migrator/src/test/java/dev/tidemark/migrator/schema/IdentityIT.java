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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityIT {
  private static final StatusWays API_KEYS =
      new StatusWays(
          "api_keys",
          Map.of(
              "active", List.of("suspended", "revoked"),
              "suspended", List.of("active", "revoked"),
              "revoked", List.of()));

  private static final String BINDING =
      "INSERT INTO role_bindings (organization_id, user_id, role_id, workspace_id)"
          + " VALUES ($organization, %s, (SELECT id FROM roles WHERE name = 'Approver'), %s)";

  private static final String KEY_OPENS =
      "SELECT format('%s', f)"
          + " FROM authenticate_api_key(sha256(convert_to($api_key::text, 'UTF8'))) AS f";

  private static final String SESSION_OPENS =
      "SELECT format('%s', f)"
          + " FROM authenticate_session(sha256(convert_to($session::text, 'UTF8'))) AS f";

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static Trial trial;

  @BeforeAll
  static void fill() {
    trial =
        Trial.with(POSTGRES.newMigratedDatabase(), "202611210905_tenancy", "202611210910_identity");
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        user("email_hmac = 'short'", "users_email_hmac_length"),
        user("email_key_id = NULL", "users_email_whole"),
        user("email_ciphertext = NULL", "users_email_whole"),
        user(
            "email_hmac = NULL, email_ciphertext = NULL, email_key_id = NULL",
            "users_person_has_email"),
        user("full_name = ''", "users_full_name_not_blank"),
        user("oidc_subject = 'me'", "users_oidc_whole"),
        user("oidc_issuer = 'https://id.example'", "users_oidc_whole"),
        user("oidc_subject = 'me', oidc_issuer = repeat('x', 2001)", "users_oidc_issuer_length"),
        user("mfa_secret_ciphertext = 'x'", "users_mfa_secret_has_key"),
        arguments(
            "UPDATE users SET organization_id = $second.organization WHERE id = $author",
            kept("users", "organization_id")),
        arguments(
            "UPDATE users SET email_hmac = sha256(convert_to($approver::text, 'UTF8'))"
                + " WHERE id = $author",
            unique("uq_users_organization_id_email_hmac")),
        arguments(
            "UPDATE users SET oidc_issuer = 'https://id.example', oidc_subject = 'me'"
                + " WHERE organization_id = $organization",
            unique("uq_users_organization_id_oidc_issuer_oidc_subject")),
        arguments(
            "UPDATE users SET role = 'king' WHERE id = $author",
            "invalid input value for enum user_role: \"king\""),
        arguments(
            "INSERT INTO users (organization_id, kind, full_name)"
                + " VALUES ($nobody, 'service_account', 'New')",
            foreignKey("users", "users_organization_id_fkey")),
        arguments(
            "DELETE FROM users WHERE id = $approver",
            stillReferenced("users", "role_bindings_user_id_fkey", "role_bindings")),
        arguments(
            "INSERT INTO permissions (name, description) VALUES ('Run', 'x')",
            check("permissions", "permissions_name_thing_and_action")),
        arguments(
            "INSERT INTO permissions (name, description) VALUES ('run:create', 'x')",
            unique("uq_permissions_name")),
        arguments(
            "INSERT INTO roles (name, label, description, sort_order)"
                + " VALUES ('two words', 'x', 'x', 9)",
            check("roles", "roles_name_one_word")),
        arguments(
            "INSERT INTO roles (name, label, description, sort_order)"
                + " VALUES ('Auditor', 'x', 'x', 9)",
            unique("uq_roles_name")),
        arguments(
            "INSERT INTO role_permissions (role_id, permission_id)"
                + " SELECT role_id, permission_id FROM role_permissions",
            unique("uq_role_permissions_role_id_permission_id")),
        arguments(
            "INSERT INTO role_permissions (role_id, permission_id)"
                + " SELECT role_id, $nobody FROM role_permissions LIMIT 1",
            foreignKey("role_permissions", "role_permissions_permission_id_fkey")),
        arguments(
            "DELETE FROM roles WHERE name = 'Operator'",
            stillReferenced("roles", "role_permissions_role_id_fkey", "role_permissions")),
        arguments(
            BINDING.formatted("$approver", "NULL"),
            unique("uq_role_bindings_organization_id_user_id_role_id_workspace_id")),
        arguments(
            BINDING.formatted("$second.author", "NULL"),
            foreignKey("role_bindings", "role_bindings_user_id_fkey")),
        arguments(
            BINDING.formatted("$author", "$second.workspace"),
            foreignKey("role_bindings", "role_bindings_workspace_id_fkey")),
        arguments(
            "UPDATE role_bindings SET expires_at = created_at WHERE id = $role_binding",
            check("role_bindings", "role_bindings_expires_after_creation")),
        arguments(
            "UPDATE role_bindings SET role_id = $nobody WHERE id = $role_binding",
            foreignKey("role_bindings", "role_bindings_role_id_fkey")),
        apiKey("name = ' '", "api_keys_name_not_blank"),
        apiKey("scopes = '{chat,NULL}'", "api_keys_scopes_named"),
        apiKey("scopes = '{\"\"}'", "api_keys_scopes_named"),
        apiKey("expires_at = created_at", "api_keys_expires_after_creation"),
        arguments(
            "UPDATE api_keys SET user_id = $second.author WHERE id = $api_key",
            foreignKey("api_keys", "api_keys_user_id_fkey")),
        arguments(
            "UPDATE api_keys SET workspace_id = $second.workspace WHERE id = $api_key",
            foreignKey("api_keys", "api_keys_workspace_id_fkey")),
        arguments(
            "UPDATE api_keys SET key_hash = sha256('x') WHERE id = $api_key",
            kept("api_keys", "the key")),
        arguments(
            "UPDATE api_keys SET key_prefix = 'x' WHERE id = $api_key",
            kept("api_keys", "the key")),
        arguments(
            "INSERT INTO api_keys (organization_id, name, key_prefix, key_hash)"
                + " VALUES ($organization, 'New', 'x', 'short')",
            check("api_keys", "api_keys_key_hash_length")),
        arguments(
            "INSERT INTO api_keys (organization_id, name, key_prefix, key_hash)"
                + " SELECT $second.organization, 'New', 'x', key_hash FROM api_keys",
            unique("uq_api_keys_key_hash")),
        arguments(
            "UPDATE sessions SET expires_at = created_at WHERE id = $session",
            check("sessions", "sessions_expires_after_creation")),
        arguments(
            "UPDATE sessions SET revocation_reason = 'lost' WHERE id = $session",
            check("sessions", "sessions_reason_only_if_revoked")),
        arguments(
            "UPDATE sessions SET token_hash = sha256('x') WHERE id = $session",
            kept("sessions", "token_hash")),
        arguments(
            "UPDATE sessions SET user_id = $service_account WHERE id = $session",
            kept("sessions", "user_id")),
        arguments(
            "INSERT INTO sessions (organization_id, user_id, token_hash, expires_at)"
                + " VALUES ($organization, $second.author, sha256('y'), now() + interval '1 day')",
            foreignKey("sessions", "sessions_user_id_fkey")),
        arguments(
            "INSERT INTO sessions (organization_id, user_id, token_hash, expires_at)"
                + " VALUES ($organization, $author, 'short', now() + interval '1 hour')",
            check("sessions", "sessions_token_hash_length")),
        arguments(
            "INSERT INTO sessions (organization_id, user_id, token_hash, expires_at)"
                + " SELECT organization_id, user_id, token_hash, expires_at FROM sessions",
            unique("uq_sessions_token_hash")));
  }

  private static Arguments user(String change, String constraint) {
    return arguments(
        "UPDATE users SET %s WHERE id = $author".formatted(change), check("users", constraint));
  }

  private static Arguments apiKey(String change, String constraint) {
    return arguments(
        "UPDATE api_keys SET %s WHERE id = $api_key".formatted(change),
        check("api_keys", constraint));
  }

  /** The rows that are looked at, as Postgres counts them: a plan may not depend on who is big. */
  @Test
  void aKeyOfABigOrganizationIsRecognizedByOneRowOfEachTable() throws SQLException {
    String fetched =
        "coalesce((SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_xact_user_tables WHERE"
            + " relname IN ('users', 'workspaces')), 0)";
    assertThat(
            trial.rows(
                "INSERT INTO users (organization_id, kind, full_name) SELECT $organization,"
                    + " 'service_account', 'Robot' FROM generate_series(1, 500)",
                "INSERT INTO workspaces (organization_id, name, slug) SELECT $organization, 'W',"
                    + " 'w-' || i FROM generate_series(1, 500) AS i",
                "SET LOCAL enable_seqscan = off",
                "SELECT set_config('test.before', " + fetched + "::text, true)",
                KEY_OPENS,
                "SELECT " + fetched + " - current_setting('test.before')::bigint"))
        .containsExactly("1");
  }

  @ParameterizedTest(name = "{1} <- {0}")
  @MethodSource("refusals")
  void whatMustNotBeIsRefusedByName(String sql, String message) throws SQLException {
    trial.assertRefused(message, sql);
  }

  static Stream<Arguments> ways() {
    return API_KEYS.pairs();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aKeyGoesTheWaysOfItsLifeOnly(String from, String to) throws SQLException {
    String make =
        "INSERT INTO api_keys (id, organization_id, name, key_prefix, key_hash, status)"
            + " VALUES ($new, $organization, 'New', 'x', sha256('new'), '%s')".formatted(from);
    String go = "UPDATE api_keys SET status = '%s' WHERE id = $new".formatted(to);
    if (API_KEYS.allowed(from, to)) {
      assertThat(trial.rows(make, go + " RETURNING status")).containsExactly(to);
    } else {
      trial.assertRefused(API_KEYS.refusal(from, to), make, go);
    }
  }

  @Test
  void aSessionThatWasRevokedStaysSo() throws SQLException {
    String revoke =
        "UPDATE sessions SET revoked_at = now(), revocation_reason = 'lost' WHERE id = $session";

    trial.assertRefused(
        kept("sessions", "revoked_at"),
        revoke,
        "UPDATE sessions SET revoked_at = NULL, revocation_reason = NULL WHERE id = $session");
    assertThat(
            trial.rows(
                revoke,
                "UPDATE sessions SET user_agent = 'x' WHERE id = $session RETURNING user_agent"))
        .containsExactly("x");
  }

  @Test
  void anAddressMayGoOnceItsUserIsDeleted() throws SQLException {
    assertThat(
            trial.rows(
                "UPDATE users SET deleted_at = now(), email_hmac = NULL, email_ciphertext = NULL,"
                    + " email_key_id = NULL, full_name = 'erased' WHERE id = $author",
                "SELECT full_name FROM users WHERE id = $author"))
        .containsExactly("erased");
  }

  @Test
  void anAddressIsFreeAgainOnceItsUserIsDeletedAndInOtherOrganizations() throws SQLException {
    assertThat(
            trial.rows(
                "UPDATE users SET email_hmac = (SELECT email_hmac FROM users WHERE id = $author)"
                    + " WHERE id = $second.author",
                "UPDATE users SET deleted_at = now() WHERE id = $approver",
                "UPDATE users SET email_hmac = (SELECT email_hmac FROM users WHERE id = $approver)"
                    + " WHERE id = $author",
                "SELECT 'done'"))
        .containsExactly("done");
  }

  @Test
  void aRoleMayBeBoundInEachWorkspaceAndInAll() throws SQLException {
    assertThat(
            trial.rows(
                BINDING.formatted("$approver", "$workspace"),
                BINDING.formatted("$approver", "$other_workspace"),
                "SELECT count(*) FROM role_bindings WHERE user_id = $approver"))
        .containsExactly("3");
  }

  /** As the control plane's document names them; ids follow from names everywhere. */
  @ParameterizedTest
  @CsvSource({
    "WorkspaceAdmin, user:update, true",
    "WorkspaceAdmin, audit:export, false",
    "Operator, run:create, true",
    "Operator, workflow:update, false",
    "Approver, approval:decide, true",
    "Approver, run:create, false",
    "Auditor, audit:export, true",
    "Auditor, usage:read, true",
    "Auditor, user:update, false",
    "IntegrationAdmin, connector:update, true",
    "IntegrationAdmin, approval:decide, false"
  })
  void builtInRolesAllowWhatTheyAreFor(String role, String permission, boolean allowed)
      throws SQLException {
    assertThat(
            trial.rows(
                "SELECT r.id = md5('role ' || r.name)::uuid FROM roles AS r JOIN role_permissions"
                    + " AS rp ON rp.role_id = r.id JOIN permissions AS p ON p.id ="
                    + " rp.permission_id WHERE r.name = '%s' AND p.name = '%s'"
                        .formatted(role, permission)))
        .hasSize(allowed ? 1 : 0)
        .allMatch("t"::equals);
  }

  @Test
  void anAuditorsPermissionsReadOnly() throws SQLException {
    assertThat(
            trial.rows(
                "SELECT p.name FROM roles AS r JOIN role_permissions AS rp ON rp.role_id = r.id"
                    + " JOIN permissions AS p ON p.id = rp.permission_id WHERE r.name = 'Auditor'"))
        .allMatch(name -> name.endsWith(":read") || name.equals("audit:export"));
  }

  @Test
  void aKeyOpensItsOrganizationBeforeTheTenantIsKnown() throws SQLException {
    assertThat(asService(KEY_OPENS))
        .containsExactly(
            "(%s,%s,,%s,{})"
                .formatted(
                    Trial.id("api_key"), Trial.id("organization"), Trial.id("service_account")));
    assertThat(asService("SELECT count(*) FROM api_keys")).containsExactly("0");
    assertThat(asService("SELECT f FROM authenticate_api_key(sha256('unknown')) AS f")).isEmpty();
    assertThat(asService("SELECT f FROM authenticate_api_key(NULL) AS f")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE api_keys SET status = 'suspended'",
        "UPDATE api_keys SET status = 'revoked'",
        "UPDATE api_keys SET deleted_at = now()",
        "UPDATE organizations SET status = 'suspended'",
        "UPDATE organizations SET status = 'deleted', deleted_at = now()",
        "UPDATE users SET deleted_at = now()"
      })
  void aKeyOpensNothingOnceItOrItsOrganizationOrItsUserIsNotActive(String change)
      throws SQLException {
    assertThat(
            trial.rows(
                change,
                "GRANT tidemark_service TO CURRENT_USER",
                "SET LOCAL ROLE tidemark_service",
                KEY_OPENS))
        .isEmpty();
  }

  @Test
  void aKeyOfADeletedWorkspaceOpensNothing() throws SQLException {
    assertThat(
            trial.rows(
                "UPDATE api_keys SET workspace_id = (SELECT id FROM workspaces"
                    + " WHERE organization_id = $organization LIMIT 1) WHERE id = $api_key",
                "UPDATE workspaces SET deleted_at = now()",
                "GRANT tidemark_service TO CURRENT_USER",
                "SET LOCAL ROLE tidemark_service",
                KEY_OPENS))
        .isEmpty();
  }

  @Test
  void whatHasExpiredOpensNothing() throws SQLException {
    assertThat(asService(KEY_OPENS.replace("$api_key", "$expired_api_key"))).isEmpty();
    assertThat(asService(SESSION_OPENS.replace("$session", "$expired_session"))).isEmpty();
    assertThat(
            trial.rows(
                "UPDATE api_keys SET expires_at = now() + interval '1 hour' WHERE id ="
                    + " $expired_api_key",
                KEY_OPENS.replace("$api_key", "$expired_api_key")))
        .hasSize(1);
  }

  @Test
  void aSessionOpensItsUser() throws SQLException {
    assertThat(asService(SESSION_OPENS))
        .containsExactly(
            "(%s,%s,%s,member)"
                .formatted(Trial.id("session"), Trial.id("organization"), Trial.id("author")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE sessions SET revoked_at = now()",
        "UPDATE sessions SET deleted_at = now()",
        "UPDATE organizations SET status = 'suspended'",
        "UPDATE users SET deleted_at = now()"
      })
  void aSessionOpensNothingOnceItOrItsOrganizationOrItsUserIsNotActive(String change)
      throws SQLException {
    assertThat(
            trial.rows(
                change,
                "GRANT tidemark_service TO CURRENT_USER",
                "SET LOCAL ROLE tidemark_service",
                SESSION_OPENS))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tidemark_analytics", "tidemark_auditor", "tidemark_extraction"})
  void nobodyElseAuthenticates(String role) throws SQLException {
    trial.assertRefused(
        "permission denied for function authenticate_api_key",
        "GRANT %s TO CURRENT_USER".formatted(role),
        "SET LOCAL ROLE " + role,
        KEY_OPENS);
  }

  @ParameterizedTest
  @CsvSource({
    "tidemark_analytics, users, email_hmac",
    "tidemark_analytics, users, full_name",
    "tidemark_auditor, users, email_ciphertext",
    "tidemark_auditor, api_keys, key_hash",
    "tidemark_analytics, sessions, token_hash"
  })
  void whoReportsReadsNoPersonalDataAndNoSecrets(String role, String table, String column)
      throws SQLException {
    trial.assertRefused(
        "permission denied for table " + table,
        "GRANT %s TO CURRENT_USER".formatted(role),
        "SET LOCAL ROLE " + role,
        "SELECT %s FROM %s".formatted(column, table));
  }

  /** What the session runs as a service of no tenant. */
  private static List<String> asService(String sql) throws SQLException {
    return trial.rows(
        "GRANT tidemark_service TO CURRENT_USER", "SET LOCAL ROLE tidemark_service", sql);
  }
}
