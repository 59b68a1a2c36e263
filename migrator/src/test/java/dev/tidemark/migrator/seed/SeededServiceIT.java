package dev.tidemark.migrator.seed;

import static dev.tidemark.migrator.testing.Sql.column;
import static dev.tidemark.migrator.testing.Sql.execute;
import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.secrecy.Cell;
import dev.tidemark.migrator.testing.PostgresExtension;
import dev.tidemark.migrator.testing.TestKeys;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A service that has nothing but the role for services, the keys, and what the seed printed. */
class SeededServiceIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final TestKeys KEYS = TestKeys.create();
  private static final String ROLE = "service_" + ProcessHandle.current().pid();

  private final Database owner = POSTGRES.newMigratedDatabase();
  private String apiKey;
  private Connection service;

  @BeforeEach
  void seedAndLogIn() throws SQLException {
    SeedResult seeded =
        Seeder.of(owner, KEYS.keys(), new SeedSettings(true, "s", Optional.empty())).seed();
    apiKey =
        seeded.credentials().stream()
            .filter(credential -> credential.user().equals("maria.lind@harbour-labs.example"))
            .findAny()
            .orElseThrow()
            .apiKey();
    execute(
        owner,
        "CREATE ROLE " + ROLE + " LOGIN PASSWORD 'service'",
        "GRANT tidemark_service TO " + ROLE);
    service = new Database(owner.address(), ROLE, "service").connect();
  }

  @AfterEach
  void forget() throws SQLException {
    service.close();
    execute(owner, "DROP ROLE " + ROLE);
  }

  @Test
  void withASeededKeyItSpendsABudgetOnASampleModelAndSeesTheUsage() throws Exception {
    // Before anything is known, no row of any tenant is seen.
    assertThat(value(service, "SELECT count(*) FROM budgets")).isEqualTo("0");
    UUID apiKeyId = authenticate();
    assertThat(column(service, "SELECT slug FROM organizations")).containsExactly("harbour-labs");

    BigDecimal budget =
        new BigDecimal(
            value(
                service,
                "SELECT limit_amount FROM budgets WHERE period = 'month' AND starts_on <= now()"
                    + " AND deleted_at IS NULL ORDER BY starts_on DESC LIMIT 1"));
    BigDecimal spent = spentThisMonth();
    assertThat(budget).isEqualByComparingTo("500");
    assertThat(spent).isLessThan(budget);

    assertThat(
            column(
                service,
                "SELECT d.endpoint_url FROM models AS m JOIN model_versions AS v ON v.model_id = m.id"
                    + " JOIN model_deployments AS d ON d.model_version_id = v.id"
                    + " JOIN organizations AS o ON o.region_code = d.region_code"
                    + " WHERE m.name = 'tidepool-chat' AND d.status = 'active'"))
        .containsExactly("https://eu.tidepool.example/v1/tidepool-chat");
    UUID request = UUID.randomUUID();
    assertThat(insertUsage(request, apiKeyId)).isEqualTo(1);
    assertThat(insertUsage(request, apiKeyId)).as("delivered again").isZero();

    // 1,000 tokens in at 2.50 and 100 out at 10.00 US dollars a million.
    assertThat(spentThisMonth().subtract(spent)).isEqualByComparingTo("0.0035");
  }

  @Test
  void itShowsADashboardOfTheSeededUsage() throws Exception {
    authenticate();
    assertThat(
            Integer.parseInt(
                value(
                    service,
                    "SELECT count(DISTINCT window_start) FROM usage_summaries WHERE grain = 'day'")))
        .isGreaterThanOrEqualTo(14);
    assertThat(value(service, "SELECT sum(request_count) FROM current_organization_usage_months"))
        .isEqualTo(value(service, "SELECT count(*) FROM usage_events"));
    assertThat(column(service, "SELECT DISTINCT model FROM usage_summaries ORDER BY 1"))
        .containsExactly("tidepool-chat", "tidepool-embed", "tidepool-mini");
  }

  @Test
  void aPersonLogsInByEmailAndIsRecognizedByTheSession() throws Exception {
    execute(
        service,
        "SELECT set_config('app.organization_id', organization_id::text, false)"
            + " FROM find_organization('harbour-labs')");
    UUID user;
    try (PreparedStatement statement =
        service.prepareStatement(
            "SELECT id FROM users WHERE email_hmac = ? AND deleted_at IS NULL")) {
      statement.setBytes(1, KEYS.keys().emailHash().of("Yuki.Tanaka@harbour-labs.EXAMPLE"));
      try (ResultSet rows = statement.executeQuery()) {
        assertThat(rows.next()).isTrue();
        user = rows.getObject(1, UUID.class);
      }
    }
    execute(
        service,
        "INSERT INTO sessions (organization_id, user_id, token_hash, expires_at) VALUES"
            + " (current_organization_id(), '%s', sha256('token'), now() + interval '1 hour')"
                .formatted(user),
        "SELECT set_config('app.organization_id', '', false)");

    assertThat(
            value(
                service,
                "SELECT user_id || ' ' || role FROM authenticate_session(sha256('token'))"))
        .isEqualTo(user + " member");
  }

  @Test
  void aProvidersKeyIsReadWithTheKeysetOnly() throws Exception {
    authenticate();
    try (PreparedStatement statement =
            service.prepareStatement(
                "SELECT id, key_ciphertext, key_last_four FROM provider_keys");
        ResultSet rows = statement.executeQuery()) {
      assertThat(rows.next()).isTrue();
      Cell cell = new Cell("provider_keys", "key_ciphertext", rows.getObject(1, UUID.class));
      byte[] key = KEYS.keys().keyset().open(cell, rows.getBytes(2));
      assertThat(new String(key, StandardCharsets.UTF_8))
          .startsWith("tm_dev_")
          .endsWith(rows.getString(3));
      assertThat(rows.next()).isFalse();
    }
  }

  /** What a gateway does with the key of a request: who is it, and for which tenant. */
  private UUID authenticate() throws SQLException {
    String hash = HexFormat.of().formatHex(DevelopmentSecrets.hash(apiKey));
    return UUID.fromString(
        value(
            service,
            "SELECT api_key_id FROM (SELECT *, set_config('app.organization_id',"
                + " organization_id::text, false) FROM authenticate_api_key('\\x%s')) AS k"
                    .formatted(hash)));
  }

  private BigDecimal spentThisMonth() throws SQLException {
    return new BigDecimal(
        value(
            service,
            "SELECT coalesce(sum(cost_nano_usd), 0) / 1e9 FROM usage_events"
                + " WHERE occurred_at >= date_trunc('month', now(), 'UTC')"));
  }

  private int insertUsage(UUID id, UUID apiKeyId) throws SQLException {
    try (PreparedStatement statement =
        service.prepareStatement(
            "INSERT INTO usage_events (id, occurred_at, organization_id, api_key_id, provider, model,"
                + " operation, status, http_status, input_tokens, output_tokens, latency_ms,"
                + " cost_nano_usd)"
                + " SELECT ?, date_trunc('hour', now()), current_organization_id(), ?, 'tidepool',"
                + " 'tidepool-chat', 'chat', 'success', 200, 1000, 100, 900,"
                + " 1000 * (1000 * input_usd_per_million_tokens + 100 * output_usd_per_million_tokens)"
                + " FROM model_price_at('tidepool', 'tidepool-chat', now())"
                + " ON CONFLICT DO NOTHING")) {
      statement.setObject(1, id);
      statement.setObject(2, apiKeyId);
      return statement.executeUpdate();
    }
  }
}
