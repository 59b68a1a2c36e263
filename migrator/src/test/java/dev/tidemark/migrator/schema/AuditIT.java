package dev.tidemark.migrator.schema;

import static dev.tidemark.migrator.schema.Refusals.check;
import static dev.tidemark.migrator.schema.Refusals.foreignKey;
import static dev.tidemark.migrator.schema.Refusals.kept;
import static dev.tidemark.migrator.schema.Refusals.unique;
import static dev.tidemark.migrator.testing.Sql.column;
import static dev.tidemark.migrator.testing.Sql.execute;
import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.testing.AuditHistory;
import dev.tidemark.migrator.testing.PostgresExtension;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;

class AuditIT {
  private static final String HARBOUR = "11111111-1111-1111-1111-111111111111";
  private static final String KITE = "22222222-2222-2222-2222-222222222222";
  private static final String USER = "33333333-3333-3333-3333-333333333333";

  private static final String ADD_USER =
      "INSERT INTO users (organization_id, kind, full_name)"
          + " VALUES ('%s', 'service_account', '%s')";
  private static final String LOG =
      "SELECT concat_ws(' ', sequence, action, old_values, new_values) FROM audit_log_entries"
          + " WHERE organization_id = '%s' ORDER BY sequence";
  private static final String BROKEN =
      "SELECT concat_ws(' ', broken_sequence, problem) FROM verify_audit_chain('%s')";

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static Trial trial;

  private Database database;

  @BeforeAll
  static void fill() {
    trial =
        Trial.with(
            POSTGRES.newMigratedDatabase(),
            "202611210905_tenancy",
            "202611210910_identity",
            "202611210945_audit");
  }

  @BeforeEach
  void twoOrganizations() throws SQLException {
    database = POSTGRES.newMigratedDatabase();
    execute(
        database,
        "INSERT INTO organizations (id, name, slug) VALUES ('%s', 'Harbour', 'harbour')"
            .formatted(HARBOUR),
        "INSERT INTO organizations (id, name, slug) VALUES ('%s', 'Kite', 'kite')".formatted(KITE));
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        setting("retention = '89 days'", "audit_settings_retention_90_days_to_10_years"),
        setting("retention = '11 years'", "audit_settings_retention_90_days_to_10_years"),
        setting("export_format = NULL", "audit_settings_export_whole"),
        setting(
            "export_destination = 'https://me:secret@host/x'",
            "audit_settings_export_destination_without_secrets"),
        setting(
            "export_destination = 'https://host/x?token=1'",
            "audit_settings_export_destination_without_secrets"),
        setting(
            "export_destination = 'ftp://host/x'",
            "audit_settings_export_destination_without_secrets"),
        arguments(
            "INSERT INTO audit_settings (organization_id) VALUES ($organization)",
            unique("uq_audit_settings_organization_id")),
        arguments(
            "INSERT INTO audit_settings (organization_id) VALUES ($nobody)",
            foreignKey("audit_settings", "audit_settings_organization_id_fkey")),
        arguments("TRUNCATE audit_log_entries", "audit_log_entries is never truncated"),
        arguments(
            "TRUNCATE audit_log_entries_default", "audit_log_entries_default is never truncated"),
        arguments("TRUNCATE audit_chain_heads", "audit_chain_heads is never truncated"),
        arguments("TRUNCATE audit_events", "audit_events is never truncated"),
        arguments("TRUNCATE audit_checkpoints", "audit_checkpoints is never truncated"),
        arguments(
            "UPDATE audit_chain_heads SET last_sequence = last_sequence - 1",
            kept("audit_chain_heads", "the head of a chain")),
        arguments(
            "UPDATE audit_chain_heads SET last_hash = sha256('x')",
            kept("audit_chain_heads", "the head of a chain")),
        arguments(
            "UPDATE audit_checkpoints SET sequence = 9 WHERE id = $audit_checkpoint",
            "audit_checkpoints is append-only: UPDATE of row $audit_checkpoint is refused"),
        arguments(
            "DELETE FROM audit_checkpoints WHERE id = $audit_checkpoint",
            "audit_checkpoints is append-only: DELETE of row $audit_checkpoint is refused"),
        arguments(
            "INSERT INTO audit_checkpoints (organization_id, sequence, entry_hash, occurred_at)"
                + " VALUES ($organization, 0, sha256('x'), now())",
            check("audit_checkpoints", "audit_checkpoints_sequence_positive")),
        arguments(
            "INSERT INTO audit_checkpoints (organization_id, sequence, entry_hash, occurred_at)"
                + " VALUES ($organization, 2, 'x', now())",
            check("audit_checkpoints", "audit_checkpoints_entry_hash_length")),
        arguments(
            "SELECT record_audit_event('runs.start', 'runs')",
            "an audit event needs a tenant, and app.organization_id is not set"),
        arguments(
            "SELECT attach_month_partition('audit_log_entries', '2026-11-21Z')",
            "a partition of audit_log_entries begins with a month, not at 2026-11-21 00:00:00+00"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void whatBreaksARuleIsRefusedByItsName(String sql, String message) throws SQLException {
    trial.assertRefused(message, sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE %s SET action = 'a.b'",
        "UPDATE %s SET old_values = NULL, new_values = NULL",
        "UPDATE %s SET old_values = NULL, new_values = NULL, values_salt = NULL,"
            + " values_erased_at = now()",
        "UPDATE %s SET ip_address_salt = NULL, ip_address_erased_at = now()",
        "DELETE FROM %s"
      })
  void entriesAreNeitherChangedNorDeleted(String statement) throws SQLException {
    String verb = statement.substring(0, 6);
    for (String table : List.of("audit_log_entries", leaf())) {
      PSQLException refusal =
          catchThrowableOfType(
              PSQLException.class,
              () ->
                  execute(
                      database,
                      statement.formatted(table)
                          + " WHERE sequence = 1 AND organization_id = '%s'".formatted(HARBOUR)));
      assertThat(refusal.getServerErrorMessage().getMessage())
          .isEqualTo(
              "audit_log_entries is append-only: %s of row %s is refused"
                  .formatted(
                      verb,
                      value(
                          database,
                          "SELECT id FROM audit_log_entries WHERE organization_id = '%s'"
                              .formatted(HARBOUR))));
      assertThat(refusal.getSQLState()).isEqualTo("23001");
    }
    try (Connection connection = database.connect()) {
      PSQLException refusal =
          catchThrowableOfType(
              PSQLException.class,
              () -> execute(connection, "DELETE FROM audit_chain_heads WHERE true"));
      assertThat((Throwable) refusal)
          .hasMessageContaining("audit_chain_heads keeps its rows: DELETE of row");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"create", "update", "delete", "restore", "revoke", "erase_audit_values"})
  void noServiceMaySayThatARowChanged(String verb) throws SQLException {
    trial.assertRefused(
        "the audit event users.%s is written by the database itself".formatted(verb),
        "SELECT set_config('app.organization_id', $organization::text, true)",
        "SELECT record_audit_event('users.%s', 'users')".formatted(verb));
  }

  @Test
  void anEventWithoutAVerbIsRefusedWhenItIsToldNotWhenItsTransactionCommits() throws SQLException {
    trial.assertRefused(
        check("audit_events", "audit_events_action_thing_and_verb"),
        "SELECT set_config('app.organization_id', $organization::text, true)",
        "SELECT record_audit_event('started', 'runs')");
  }

  @Test
  void anEntrySaysWhoDidWhatAndWhatItWasBefore() throws SQLException {
    inTransaction(
        "SET LOCAL app.user_id = '%s'".formatted(USER),
        "SET LOCAL app.api_key_id = '%s'".formatted(KITE),
        "SET LOCAL app.source = 'ui'",
        "SET LOCAL app.request_id = 'request-7'",
        "SET LOCAL app.ip_address = '10.1.2.3'",
        "UPDATE organizations SET plan = 'pro', quota_users = 5 WHERE id = '%s'"
            .formatted(HARBOUR));

    assertThat(
            value(
                database,
                "SELECT concat_ws(' ', action, resource_type, resource_id, user_id, api_key_id,"
                    + " database_role = session_user, source, request_id, host(ip_address),"
                    + " old_values, new_values, retain_until - occurred_at BETWEEN '729 days' AND"
                    + " '732 days') FROM audit_log_entries WHERE sequence = 2"))
        .isEqualTo(
            "organizations.update organizations %s %s %s t ui request-7 10.1.2.3"
                    .formatted(HARBOUR, USER, KITE)
                + " {\"plan\": \"free\", \"quota_users\": null}"
                + " {\"plan\": \"pro\", \"quota_users\": 5} t");
  }

  @Test
  void withoutAWordAboutItTheChangeIsTheMigrations() throws SQLException {
    assertThat(
            column(
                database,
                "SELECT DISTINCT concat_ws(' ', source, user_id, api_key_id, request_id,"
                    + " ip_address) FROM audit_log_entries"))
        .containsExactly("migration");
  }

  @Test
  void theRoleThatWasTakenIsTheOneThatIsNamed() throws SQLException {
    execute(database, "GRANT tidemark_service TO CURRENT_USER");
    inTransaction(
        "SET LOCAL ROLE tidemark_service",
        "SET LOCAL app.organization_id = '%s'".formatted(HARBOUR),
        ADD_USER.formatted(HARBOUR, "Robot"),
        "SELECT record_audit_event('runs.start', 'runs')");

    assertThat(
            column(
                database,
                "SELECT action || ' ' || database_role FROM audit_log_entries WHERE sequence > 1"
                    + " ORDER BY sequence"))
        .containsExactly("users.create tidemark_service", "runs.start tidemark_service");
    execute(database, "REVOKE tidemark_service FROM CURRENT_USER");
  }

  @Test
  void aSoftDeletionIsADeletionAndItsReversalARestoration() throws SQLException {
    execute(
        database,
        ADD_USER.formatted(HARBOUR, "Robot"),
        "UPDATE users SET deleted_at = now()",
        "UPDATE users SET deleted_at = NULL",
        "DELETE FROM users");

    assertThat(actions()).endsWith("users.create", "users.delete", "users.restore", "users.delete");
  }

  @Test
  void whatOnlyNotesTheLastUseIsNotWritten() throws SQLException {
    execute(
        database,
        ADD_USER.formatted(HARBOUR, "Robot"),
        "UPDATE users SET last_login_at = now()",
        "UPDATE users SET full_name = full_name",
        "INSERT INTO api_keys (organization_id, name, key_prefix, key_hash)"
            + " VALUES ('%s', 'Key', 'tm', sha256('k'))".formatted(HARBOUR),
        "UPDATE api_keys SET last_used_at = now()");

    assertThat(actions()).endsWith("users.create", "api_keys.create");
  }

  @Test
  void ofSessionsOnlyTheirEndIsWritten() throws SQLException {
    execute(
        database,
        ADD_USER.formatted(HARBOUR, "Robot"),
        "INSERT INTO sessions (organization_id, user_id, token_hash, expires_at)"
            + " SELECT organization_id, id, sha256('t'), now() + interval '1 day' FROM users",
        "UPDATE sessions SET last_seen_at = now()",
        "UPDATE sessions SET revoked_at = now(), revocation_reason = 'lost laptop'");

    assertThat(actions()).endsWith("users.create", "sessions.revoke");
  }

  @Test
  void secretsAreNeverInTheLog() throws SQLException {
    execute(
        database,
        "INSERT INTO api_keys (organization_id, name, key_prefix, key_hash)"
            + " VALUES ('%s', 'Key', 'tm', sha256('opens'))".formatted(HARBOUR),
        "UPDATE organizations SET billing_email_ciphertext = '\\x5ec2e7', billing_email_key_id ="
            + " 'key-1', settings = '{\"mail\": {\"password\": \"5ec2e7\", \"port\": 25},"
            + " \"hooks\": [{\"api_key\": \"5ec2e7\", \"Private-Key\": \"5ec2e7\"}],"
            + " \"quota_tokens\": 7}' WHERE id = '%s'".formatted(HARBOUR));

    List<String> log = column(database, LOG.formatted(HARBOUR));
    assertThat(log).noneMatch(entry -> entry.contains("5ec2e7"));
    assertThat(String.join(" ", log))
        .doesNotContain(value(database, "SELECT encode(sha256('opens'), 'hex')"))
        .contains(
            "\"key_hash\": \"***\"",
            "\"billing_email_ciphertext\": null",
            "\"billing_email_ciphertext\": \"***\"",
            "\"mail\": {\"port\": 25, \"password\": \"***\"}",
            "{\"api_key\": \"***\", \"Private-Key\": \"***\"}",
            "\"quota_tokens\": 7");
  }

  @Test
  void whatIsNamedAsSecretsAreIsNotHeld() throws SQLException {
    for (String member :
        List.of(
            "\"clientSecret\": \"x\"",
            "\"accessToken\": \"x\"",
            "\"secret_key\": \"x\"",
            "\"aws_secret_access_key\": \"x\"",
            "\"AWSSecretKey\": \"x\"",
            "\"api_keys\": [\"x\"]",
            "\"APIKey\": \"x\"",
            "\"X-Api-Key\": \"x\"",
            "\"tokens\": [\"x\"]",
            "\"tokens\": {\"first\": [1, \"x\"]}",
            "\"token_value\": \"x\"",
            "\"token\": 123456",
            "\"password\": 123456",
            "\"passwords\": {\"root\": \"x\"}",
            "\"password_plain\": \"x\"",
            "\"signing_key\": \"x\"",
            "\"encryptionKey\": \"x\"",
            "\"privateKeyPem\": \"x\"")) {
      String name = member.substring(0, member.indexOf(':'));
      assertThat(redacted("{\"deep\": [{%s}]}".formatted(member)))
          .isEqualTo("{\"deep\": [{%s: \"***\"}]}".formatted(name));
    }
  }

  @Test
  void whatOnlySoundsLikeASecretIsHeld() throws SQLException {
    for (String member :
        List.of(
            "\"input_tokens\": 7",
            "\"outputTokens\": 7",
            "\"quota_tokens_per_month\": 7",
            "\"max_tokens\": 7",
            "\"tokens\": {\"input\": 7}",
            "\"token_count\": 7",
            "\"token_type\": \"bearer\"",
            "\"key_prefix\": \"tm\"",
            "\"key_id\": \"k-1\"",
            "\"encryption_key_id\": \"k-1\"",
            "\"apiKeyId\": \"k-1\"",
            "\"keys\": [\"up\"]",
            "\"monkey\": \"x\"",
            "\"secretary\": \"x\"",
            "\"tokenizer\": \"x\"",
            "\"has_password\": true",
            "\"password_changed_at\": \"2026-11-21\"",
            "\"password\": null",
            "\"url\": \"https://h:443/a@b:c\"",
            "\"mail\": \"see http://h/ or ask a@b\"")) {
      assertThat(redacted("{%s}".formatted(member))).isEqualTo("{%s}".formatted(member));
    }
  }

  @Test
  void ofAUrlUserAndPasswordAreNotHeld() throws SQLException {
    assertThat(
            redacted(
                """
                ["https://u:p@h/", "https://u:p@ss@h/", "postgres://:p?#@h:5432/d", "https://token@h/a",
                "from ftp://u:p@h to http://v:q@i/"]
                """))
        .isEqualTo(
            "[\"https://***@h/\", \"https://***@h/\", \"postgres://***@h:5432/d\","
                + " \"https://***@h/a\", \"from ftp://***@h to http://***@i/\"]");
  }

  @Test
  void longTextsAreHeldByTheirDigest() throws SQLException {
    execute(
        database,
        "UPDATE organizations SET settings = jsonb_build_object('note', repeat('é', 3000))"
            + " WHERE id = '%s'".formatted(HARBOUR));

    assertThat(value(database, "SELECT new_values FROM audit_log_entries WHERE sequence = 2"))
        .isEqualTo(
            "{\"settings\": {\"note\": \"6000 bytes, SHA-256 %s\"}}"
                .formatted(sha256("é".repeat(3000).getBytes(StandardCharsets.UTF_8))));
  }

  /** A new table with secrets that nobody watches fails here by its name. */
  @Test
  void everyTableThatHoldsSecretsIsWatched() throws SQLException {
    assertThat(
            column(
                database,
                "SELECT DISTINCT attrelid::regclass::text FROM pg_attribute JOIN pg_class AS c ON"
                    + " c.oid = attrelid WHERE c.relnamespace = 'public'::regnamespace AND relkind"
                    + " IN ('r', 'p') AND attname ~ '_(ciphertext|hash|hmac)$' AND attrelid NOT IN"
                    + " (SELECT tgrelid FROM pg_trigger WHERE tgfoid = 'audit_change'::regproc AND"
                    + " tgenabled = 'A') AND c.relname NOT LIKE 'audit\\_%'"))
        .isEmpty();
  }

  @Test
  void settingsDecideWhatIsHeldAndHowLong() throws SQLException {
    inTransaction(
        "INSERT INTO audit_settings (organization_id, retention, values_recorded,"
            + " ip_addresses_recorded) VALUES ('%s', '100 days', false, false)".formatted(HARBOUR),
        "SET CONSTRAINTS ALL IMMEDIATE",
        "SET LOCAL app.ip_address = '10.1.2.3'",
        ADD_USER.formatted(HARBOUR, "Robot"));

    assertThat(
            value(
                database,
                "SELECT concat_ws(' ', old_values, new_values, ip_address, retain_until -"
                    + " occurred_at) FROM audit_log_entries WHERE action = 'users.create'"))
        .isEqualTo("100 days");
    assertWhole();
  }

  @Test
  void whoTurnsTheValuesOffAndOnIsSeenToDoSo() throws SQLException {
    execute(
        database,
        "INSERT INTO audit_settings (organization_id) VALUES ('%s')".formatted(HARBOUR),
        "UPDATE audit_settings SET values_recorded = false",
        ADD_USER.formatted(HARBOUR, "Robot"),
        "UPDATE audit_settings SET retention = '100 days'",
        "UPDATE audit_settings SET values_recorded = true");

    assertThat(column(database, LOG.formatted(HARBOUR) + " OFFSET 2"))
        .containsExactly(
            "3 audit_settings.update {\"values_recorded\": true} {\"values_recorded\": false}",
            "4 users.create",
            "5 audit_settings.update {\"retention\": \"2 years\"} {\"retention\": \"100 days\"}",
            "6 audit_settings.update {\"values_recorded\": false} {\"values_recorded\": true}");
    assertWhole();
  }

  @Test
  void whatBelongsToNoOrganizationHasAChainOfItsOwn() throws SQLException {
    execute(
        database,
        "INSERT INTO models (provider, name, display_name) VALUES ('p', 'm', 'M')",
        "UPDATE models SET display_name = 'N'");

    assertThat(
            column(
                database,
                "SELECT sequence || ' ' || action FROM audit_log_entries"
                    + " WHERE organization_id IS NULL ORDER BY sequence"))
        .endsWith("1 models.create", "2 models.update");
    assertWhole();
    unguarded(
        "UPDATE audit_log_entries SET source = 'ui'"
            + " WHERE organization_id IS NULL AND sequence = 2");
    assertThat(
            column(
                database,
                "SELECT concat_ws(' ', organization_id, explanation) FROM"
                    + " verify_audit_chains()"))
        .containsExactly("entry 2 is not what its hash was made of");
  }

  @Test
  void servicesWriteEventsOfTheirOwn() throws SQLException {
    inTransaction(
        "SET LOCAL app.organization_id = '%s'".formatted(HARBOUR),
        "SELECT record_audit_event('audit_log.export', 'audit_log_entries', NULL,"
            + " '{\"rows\": 5, \"token\": \"x\"}')");

    assertThat(column(database, LOG.formatted(HARBOUR)))
        .last()
        .isEqualTo("2 audit_log.export {\"rows\": 5, \"token\": \"***\"}");
    assertThat(column(database, "SELECT id FROM audit_events")).isEmpty();
    assertWhole();
  }

  @Test
  void aChangeThatIsRolledBackLeavesNoGap() throws SQLException {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      execute(connection, ADD_USER.formatted(HARBOUR, "Nobody"), "SET CONSTRAINTS ALL IMMEDIATE");
      connection.rollback();
    }
    execute(database, ADD_USER.formatted(HARBOUR, "Robot"));

    assertThat(actions()).containsExactly("organizations.create", "users.create");
    assertWhole();
  }

  @Test
  void theHashCanBeComputedElsewhere() throws Exception {
    inTransaction(
        "SET LOCAL app.user_id = '%s'".formatted(USER),
        "SET LOCAL app.ip_address = '10.1.2.3'",
        "SET LOCAL app.request_id = E'line\\none \"quoted\" \\\\ é'",
        ADD_USER.formatted(HARBOUR, "Robot"));

    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet entry =
            statement.executeQuery(
                "SELECT *, to_char(occurred_at AT TIME ZONE 'UTC',"
                    + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS occurred, to_char(retain_until AT"
                    + " TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS retained FROM"
                    + " audit_log_entries WHERE organization_id = '%s' AND sequence = 2"
                        .formatted(HARBOUR))) {
      entry.next();
      String values = "[null, " + entry.getString("new_values") + "]";
      assertThat(hex(entry, "values_digest")).isEqualTo(salted(entry, "values_salt", values));
      assertThat(hex(entry, "ip_address_digest"))
          .isEqualTo(salted(entry, "ip_address_salt", "[\"10.1.2.3/32\"]"));
      String text =
          "[\"tidemark-audit-1\", \"%s\", 2, \"%s\", \"%s\", \"%s\", \"%s\", null, \"%s\","
              + " \"migration\", \"users.create\", \"users\", \"%s\", \"%s\", \"%s\","
              + " \"line\\none \\\"quoted\\\" \\\\ é\", \"%s\"]";
      assertThat(hex(entry, "entry_hash"))
          .isEqualTo(
              sha256(
                  text.formatted(
                          HARBOUR,
                          hex(entry, "previous_hash"),
                          entry.getString("id"),
                          entry.getString("occurred"),
                          USER,
                          entry.getString("database_role"),
                          entry.getString("resource_id"),
                          hex(entry, "values_digest"),
                          hex(entry, "ip_address_digest"),
                          entry.getString("retained"))
                      .getBytes(StandardCharsets.UTF_8)));
    }
  }

  @Test
  void writersAtOnceMakeOneChainAnOrganization() throws Exception {
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      String organization = i % 2 == 0 ? HARBOUR : KITE;
      String name = "Robot " + i;
      writers.add(
          CompletableFuture.runAsync(
              () -> {
                try (Connection connection = database.connect()) {
                  for (int n = 0; n < 20; n++) {
                    execute(connection, ADD_USER.formatted(organization, name));
                  }
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              }));
    }
    for (CompletableFuture<Void> writer : writers) {
      writer.get();
    }

    assertThat(
            column(
                database,
                "SELECT concat_ws(' ', count(*), min(sequence), max(sequence), count(DISTINCT"
                    + " sequence), count(DISTINCT occurred_at)) FROM audit_log_entries"
                    + " WHERE organization_id IS NOT NULL GROUP BY organization_id"))
        .containsExactly("61 1 61 61 61", "61 1 61 61 61");
    assertWhole();
  }

  @Test
  void writersOfOneOrganizationHoldNobodyElseUp() throws SQLException {
    try (Connection slow = database.connect();
        Connection other = database.connect()) {
      slow.setAutoCommit(false);
      execute(slow, ADD_USER.formatted(HARBOUR, "Slow"), "SET CONSTRAINTS ALL IMMEDIATE");
      execute(other, "SET lock_timeout = '5s'", ADD_USER.formatted(KITE, "Quick"));
      slow.commit();
    }
    assertWhole();
  }

  /**
   * Before it commits, a transaction holds no head: two that meet on rows are not in a deadlock.
   */
  @Test
  void anOpenTransactionKeepsNoOtherWriterOfItsOrganizationWaiting() throws SQLException {
    try (Connection open = database.connect();
        Connection other = database.connect()) {
      open.setAutoCommit(false);
      execute(
          open,
          "SET LOCAL app.organization_id = '%s'".formatted(HARBOUR),
          "SELECT record_audit_event('runs.start', 'runs')",
          ADD_USER.formatted(HARBOUR, "Open"),
          "SELECT record_audit_event('runs.stop', 'runs')");
      execute(other, "SET lock_timeout = '5s'", ADD_USER.formatted(HARBOUR, "Quick"));
      open.commit();
    }
    assertThat(actions())
        .containsExactly(
            "organizations.create", "users.create", "runs.start", "users.create", "runs.stop");
    assertWhole();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          UPDATE audit_log_entries SET action = 'users.read' WHERE sequence = 3 | 3 edited
          UPDATE audit_log_entries SET user_id = gen_random_uuid() WHERE sequence = 3 | 3 edited
          UPDATE audit_log_entries SET occurred_at = occurred_at + interval '1 ms' WHERE sequence = 3 | 3 edited
          UPDATE audit_log_entries SET retain_until = now() WHERE sequence = 3 | 3 edited
          UPDATE audit_log_entries SET organization_id = '22222222-2222-2222-2222-222222222222' WHERE sequence = 3 | 3 missing
          UPDATE audit_log_entries SET new_values = '{}' WHERE sequence = 3 | 3 edited
          UPDATE audit_log_entries SET new_values = NULL WHERE sequence = 3 | 3 edited
          UPDATE audit_log_entries SET ip_address = '1.1.1.1' WHERE sequence = 3 | 3 edited
          UPDATE audit_log_entries SET new_values = '{}', values_digest = audit_values_digest(values_salt, NULL, '{}') WHERE sequence = 3 | 3 edited
          UPDATE audit_log_entries AS e SET action = 'users.read', entry_hash = audit_entry_hash(jsonb_populate_record(e, '{"action": "users.read"}')) WHERE sequence = 3 | 3 edited
          UPDATE audit_log_entries AS e SET action = 'users.read', entry_hash = audit_entry_hash(jsonb_populate_record(e, '{"action": "users.read"}')) WHERE sequence = 6 | 6 edited
          DELETE FROM audit_log_entries WHERE sequence = 1 | 1 missing
          DELETE FROM audit_log_entries WHERE sequence = 3 | 3 missing
          DELETE FROM audit_log_entries WHERE sequence IN (3, 4) | 3 missing
          DELETE FROM audit_log_entries WHERE sequence = 6 | 6 cut
          DELETE FROM audit_log_entries WHERE sequence > 3 | 4 cut
          DELETE FROM audit_log_entries WHERE true | 1 cut
          UPDATE audit_log_entries SET sequence = 7 - sequence WHERE sequence IN (3, 4) | 3 reordered
          UPDATE audit_log_entries SET sequence = CASE sequence WHEN 2 THEN 5 ELSE 2 END WHERE sequence IN (2, 5) | 2 reordered
          INSERT INTO audit_log_entries SELECT (jsonb_populate_record(e, '{"sequence": 7, "id": "44444444-4444-4444-4444-444444444444"}')).* FROM audit_log_entries AS e WHERE sequence = 6 | 7 added
          INSERT INTO audit_log_entries SELECT (jsonb_populate_record(e, '{"id": "ffffffff-ffff-ffff-ffff-ffffffffffff"}')).* FROM audit_log_entries AS e WHERE sequence = 3 | 3 added
          UPDATE audit_log_entries SET new_values = NULL, values_salt = NULL, values_erased_at = now() WHERE sequence = 3 | 3 erased
          UPDATE audit_log_entries SET ip_address_salt = NULL, ip_address_erased_at = now() WHERE sequence = 3 | 3 erased
          """)
  void whoTampersWithoutTheTriggersIsFound(String tampering, String found) throws SQLException {
    for (int i = 2; i <= 6; i++) {
      execute(database, ADD_USER.formatted(HARBOUR, "Robot " + i));
    }
    assertWhole();

    unguarded(
        tampering.replace(" WHERE ", " WHERE organization_id = '%s' AND ".formatted(HARBOUR)));

    assertThat(column(database, BROKEN.formatted(HARBOUR))).containsExactly(found);
    if (!tampering.contains(KITE)) {
      assertThat(column(database, BROKEN.formatted(KITE))).isEmpty();
    }
    assertThat(
            column(
                database,
                "SELECT concat_ws(' ', broken_sequence, problem) FROM verify_audit_chains()"
                    + " WHERE organization_id = '%s'".formatted(HARBOUR)))
        .containsExactly(found);
  }

  @Test
  void aChainWhoseHeadIsGoneIsFound() throws SQLException {
    execute(
        database,
        "ALTER TABLE audit_chain_heads DISABLE TRIGGER USER",
        "DELETE FROM audit_chain_heads WHERE organization_id = '%s'".formatted(HARBOUR));

    assertThat(
            column(
                database,
                "SELECT concat_ws(' ', organization_id, problem) FROM verify_audit_chains()"))
        .containsExactly(HARBOUR + " added");
  }

  @Test
  void whatTheLogHoldsOfOneRowCanBeErasedAndTheChainStaysWhole() throws SQLException {
    inTransaction(
        "SET LOCAL app.user_id = '%s'".formatted(USER),
        "SET LOCAL app.ip_address = '10.1.2.3'",
        "INSERT INTO users (id, organization_id, kind, full_name) VALUES ('%s', '%s',"
                .formatted(USER, HARBOUR)
            + " 'service_account', 'Ada Lovelace')",
        ADD_USER.formatted(HARBOUR, "Somebody else"));

    assertThat(
            value(
                database,
                "SELECT erase_audit_values_of('%s', 'users', '%s')".formatted(HARBOUR, USER)))
        .isEqualTo("3");

    assertThat(column(database, LOG.formatted(HARBOUR)))
        .noneMatch(entry -> entry.contains("Ada"))
        .anyMatch(entry -> entry.contains("Somebody else"))
        .last()
        .isEqualTo("4 users.erase_audit_values");
    assertThat(column(database, "SELECT ip_address FROM audit_log_entries"))
        .containsOnly((String) null);
    assertWhole();
    assertThat(column(database, BROKEN.formatted(HARBOUR))).isEmpty();
  }

  @Test
  void whatIsKeptLongEnoughLosesItsValuesAndTheChainStaysWhole() throws SQLException {
    writeInThePast(HARBOUR, 3, "2023-01-01Z");
    String erase = "SELECT erase_expired_audit_values(2)";

    assertThat(value(database, erase)).isEqualTo("2");
    assertThat(value(database, erase)).isEqualTo("1");
    assertThat(value(database, erase)).isEqualTo("0");

    assertThat(
            value(
                database,
                "SELECT count(*) FROM audit_log_entries WHERE values_erased_at IS NOT NULL"
                    + " AND ip_address_erased_at IS NOT NULL"))
        .isEqualTo("3");
    assertWhole();
  }

  @Test
  void anAuditorVerifiesTheChainOfItsTenantAndNoOther() throws SQLException {
    for (String organization : List.of(HARBOUR, KITE)) {
      AuditHistory.unguarded(
          database,
          "UPDATE audit_log_entries SET action = 'a.b' WHERE organization_id = '%s'"
              .formatted(organization));
    }
    execute(database, "GRANT tidemark_auditor TO CURRENT_USER");
    try (Connection connection = database.connect()) {
      execute(
          connection,
          "SET ROLE tidemark_auditor",
          "SELECT set_config('app.organization_id', '%s', false)".formatted(HARBOUR));
      assertThat(
              column(
                  connection,
                  "SELECT concat_ws(' ', organization_id, problem) FROM verify_audit_chains()"))
          .containsExactly(HARBOUR + " edited");
      assertThat(column(connection, "SELECT problem FROM verify_audit_chain('%s')".formatted(KITE)))
          .isEmpty();
    } finally {
      execute(database, "REVOKE tidemark_auditor FROM CURRENT_USER");
    }
  }

  @Test
  void anExportIsInTheOrderOfTheChain() throws SQLException {
    for (int i = 0; i < 4; i++) {
      execute(database, ADD_USER.formatted(HARBOUR, "Robot"), ADD_USER.formatted(KITE, "Robot"));
    }
    String middle =
        value(
            database,
            ("SELECT occurred_at FROM audit_log_entries WHERE organization_id = '%s'"
                    + " AND sequence = 4")
                .formatted(HARBOUR));
    String export = "SELECT sequence FROM export_audit_log('%s', '%s', '%s')";

    assertThat(column(database, export.formatted(HARBOUR, "-infinity", middle)))
        .containsExactly("1", "2", "3");
    assertThat(column(database, export.formatted(HARBOUR, middle, "infinity")))
        .containsExactly("4", "5");
  }

  @Test
  void aMonthThatIsRetiredLeavesAChainThatCanBeVerified() throws SQLException {
    writeInThePast(HARBOUR, 3, "2023-01-01Z");
    execute(
        database,
        "SELECT attach_month_partition('audit_log_entries', '2023-01-01Z')",
        "SELECT checkpoint_audit_partition('audit_log_entries_202301')",
        "DROP TABLE audit_log_entries_202301",
        ADD_USER.formatted(HARBOUR, "After"),
        ADD_USER.formatted(HARBOUR, "Last"));

    assertThat(
            value(
                database,
                "SELECT min(sequence) FROM audit_log_entries"
                    + " WHERE organization_id = '%s'".formatted(HARBOUR)))
        .isEqualTo("4");
    assertWhole();
    unguarded(
        "DELETE FROM audit_log_entries WHERE organization_id = '%s' AND sequence = 4"
            .formatted(HARBOUR));
    assertThat(column(database, BROKEN.formatted(HARBOUR))).containsExactly("4 missing");
  }

  @Test
  void aMonthIsNotRetiredWhileAnEntryIsToBeKeptOrWhereItWasTamperedWith() throws SQLException {
    writeInThePast(HARBOUR, 3, "2023-01-01Z");
    execute(database, "SELECT attach_month_partition('audit_log_entries', '2023-01-01Z')");
    String retire = "SELECT checkpoint_audit_partition('%s')";
    assertThat(
            catchThrowableOfType(
                    PSQLException.class, () -> execute(database, retire.formatted(leaf())))
                .getServerErrorMessage()
                .getMessage())
        .startsWith(leaf() + " holds an entry that is to be kept until 20");

    unguarded(
        "UPDATE audit_log_entries SET action = 'a.b' WHERE organization_id = '%s' AND sequence = 2"
            .formatted(HARBOUR));
    assertThat(
            catchThrowableOfType(
                    PSQLException.class,
                    () -> execute(database, retire.formatted("audit_log_entries_202301")))
                .getServerErrorMessage()
                .getMessage())
        .isEqualTo(
            "audit_log_entries_202301 holds a part of the chain of organization %s that cannot be"
                    .formatted(HARBOUR)
                + " verified: entry 2 is not what its hash was made of");
  }

  @Test
  void rowsMoveOutOfTheDefaultPartitionWithoutBecomingUnguarded() throws SQLException {
    writeInThePast(HARBOUR, 3, "2023-01-01Z");

    assertThat(value(database, "SELECT attach_month_partition('audit_log_entries', '2023-01-01Z')"))
        .isEqualTo("3");

    assertThat(value(database, "SELECT count(*) FROM audit_log_entries_202301")).isEqualTo("3");
    assertThat(value(database, "SELECT count(*) FROM ONLY audit_log_entries_default"))
        .isEqualTo("0");
    assertThat(
            column(
                database,
                "SELECT tgenabled FROM pg_trigger WHERE tgname = 'refuse_audit_change'"
                    + " AND tgrelid IN ('audit_log_entries_default'::regclass,"
                    + " 'audit_log_entries_202301'::regclass)"))
        .containsExactly("A", "A");
    assertWhole();
  }

  private String redacted(String content) throws SQLException {
    return value(database, "SELECT audit_redacted('%s', '{}')".formatted(content));
  }

  private void writeInThePast(String organization, int count, String since) throws SQLException {
    for (int i = 2; i <= count; i++) {
      execute(database, ADD_USER.formatted(organization, "Robot " + i));
    }
    AuditHistory.turnBack(database, organization, since, "1 year");
    assertWhole();
  }

  private void unguarded(String tampering) throws SQLException {
    AuditHistory.unguarded(database, tampering);
  }

  private void inTransaction(String... statements) throws SQLException {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      execute(connection, statements);
      connection.commit();
    }
  }

  private void assertWhole() throws SQLException {
    assertThat(column(database, "SELECT concat_ws(' ', c.*) FROM verify_audit_chains() AS c"))
        .isEmpty();
  }

  private List<String> actions() throws SQLException {
    return column(
        database,
        "SELECT action FROM audit_log_entries WHERE organization_id = '%s' ORDER BY sequence"
            .formatted(HARBOUR));
  }

  /** The partition that is written to now. */
  private String leaf() throws SQLException {
    return value(
        database,
        "SELECT DISTINCT tableoid::regclass FROM audit_log_entries WHERE occurred_at > now() -"
            + " interval '1 day'");
  }

  private static Arguments setting(String change, String constraint) {
    return arguments(
        "UPDATE audit_settings SET " + change + " WHERE id = $audit_setting",
        check("audit_settings", constraint));
  }

  private static String salted(ResultSet entry, String salt, String text) throws Exception {
    byte[] random = entry.getBytes(salt);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] both = new byte[random.length + bytes.length];
    System.arraycopy(random, 0, both, 0, random.length);
    System.arraycopy(bytes, 0, both, random.length, bytes.length);
    return sha256(both);
  }

  private static String hex(ResultSet entry, String name) throws SQLException {
    return HexFormat.of().formatHex(entry.getBytes(name));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
