package dev.tidemark.migrator.schema;

import static dev.tidemark.migrator.schema.Refusals.check;
import static dev.tidemark.migrator.schema.Refusals.foreignKey;
import static dev.tidemark.migrator.schema.Refusals.kept;
import static dev.tidemark.migrator.schema.Refusals.stillReferenced;
import static dev.tidemark.migrator.schema.Refusals.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tidemark.migrator.testing.PostgresExtension;
import java.math.BigDecimal;
import java.math.BigInteger;
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

class ModelsIT {
  private static final Map<String, List<String>> MODEL_WAYS =
      Map.of(
          "active", List.of("deprecated", "retired"),
          "deprecated", List.of("active", "retired"),
          "retired", List.of());

  private static final StatusWays MODELS = new StatusWays("models", MODEL_WAYS);

  private static final StatusWays MODEL_VERSIONS = new StatusWays("model_versions", MODEL_WAYS);

  private static final StatusWays MODEL_DEPLOYMENTS =
      new StatusWays(
          "model_deployments",
          Map.of(
              "provisioning", List.of("active", "retired"),
              "active", List.of("draining"),
              "draining", List.of("active", "retired"),
              "retired", List.of()));

  private static final String PRICE =
      "INSERT INTO model_prices (id, model_id, effective_from, effective_to,"
          + " input_usd_per_million_tokens, cached_input_usd_per_million_tokens,"
          + " output_usd_per_million_tokens) VALUES ($new, $model, %s, %s, 1, 1, 1)";

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static Trial trial;

  @BeforeAll
  static void fill() {
    trial = Trial.with(POSTGRES.newMigratedDatabase(), "202611210915_models");
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        change("models", "provider = ''", "models_provider_not_blank"),
        change("models", "name = ''", "models_name_not_blank"),
        change("models", "context_window_tokens = 0", "models_context_window_tokens_positive"),
        arguments(
            "UPDATE models SET name = $second.model::text WHERE id = $model",
            unique("uq_models_provider_name")),
        arguments(
            "DELETE FROM models WHERE id = $model",
            stillReferenced("models", "model_versions_model_id_fkey", "model_versions")),
        arguments(
            "INSERT INTO model_versions (model_id, name) VALUES ($model, ' ')",
            check("model_versions", "model_versions_name_not_blank")),
        arguments(
            "INSERT INTO model_versions (model_id, name) VALUES ($model, '2026-11-01')",
            unique("uq_model_versions_model_id_name")),
        arguments(
            "INSERT INTO model_versions (model_id, name) VALUES ($nothing, '1')",
            foreignKey("model_versions", "model_versions_model_id_fkey")),
        arguments(
            "UPDATE model_versions SET name = '2026-11-02' WHERE id = $model_version",
            kept("model_versions", "model_id and name")),
        arguments(
            "UPDATE model_versions SET model_id = $second.model WHERE id = $model_version",
            kept("model_versions", "model_id and name")),
        change(
            "model_versions",
            "released_on = '2026-11-01', retires_on = '2026-11-01'",
            "model_versions_retires_after_release"),
        change("model_deployments", "name = ''", "model_deployments_name_not_blank"),
        change(
            "model_deployments",
            "endpoint_url = 'http://models.example'",
            "model_deployments_endpoint_url_https"),
        change(
            "model_deployments",
            "endpoint_url = 'https://me:secret@models.example'",
            "model_deployments_endpoint_url_https"),
        change(
            "model_deployments",
            "endpoint_url = 'https://models.example/?key=secret'",
            "model_deployments_endpoint_url_https"),
        change(
            "model_deployments",
            "endpoint_url = 'https://' || repeat('x', 2000)",
            "model_deployments_endpoint_url_https"),
        arguments(
            "UPDATE model_deployments SET name = $second.model::text WHERE id = $model_deployment",
            unique("uq_model_deployments_name")),
        arguments(
            "UPDATE model_deployments SET region_code = 'mars' WHERE id = $model_deployment",
            foreignKey("model_deployments", "model_deployments_region_code_fkey")),
        arguments(
            "UPDATE model_deployments SET model_version_id = $nothing WHERE id = $model_deployment",
            foreignKey("model_deployments", "model_deployments_model_version_id_fkey")),
        arguments(
            PRICE.formatted("'2100-01-01Z'", "'2100-01-01Z'"),
            check("model_prices", "model_prices_effective_to_after_from")),
        price("input_usd_per_million_tokens", "-0.0001", "model_prices_input_not_negative"),
        price("input_usd_per_million_tokens", "'NaN'", "model_prices_input_not_negative"),
        price(
            "cached_input_usd_per_million_tokens", "-1", "model_prices_cached_input_not_negative"),
        price("output_usd_per_million_tokens", "-1", "model_prices_output_not_negative"),
        price("usd_per_request", "-1", "model_prices_usd_per_request_not_negative"),
        arguments(
            PRICE.formatted("'2027-01-01Z'", "NULL").replace("$model,", "$nothing,"),
            foreignKey("model_prices", "model_prices_model_id_fkey")));
  }

  private static Arguments change(String table, String change, String constraint) {
    String row = table.replaceAll("s$", "");
    return arguments(
        "UPDATE %s SET %s WHERE id = $%s".formatted(table, change, row), check(table, constraint));
  }

  private static Arguments price(String column, String value, String constraint) {
    String columns =
        "model_id, effective_from, input_usd_per_million_tokens,"
            + " cached_input_usd_per_million_tokens, output_usd_per_million_tokens, usd_per_request";
    return arguments(
        "INSERT INTO model_prices (%s) SELECT %s FROM (SELECT $second.model AS model_id,"
                .formatted(columns, columns.replaceFirst("\\b" + column, value))
            + " '2001-01-01Z'::timestamptz AS effective_from, 1 AS input_usd_per_million_tokens,"
            + " 1 AS cached_input_usd_per_million_tokens, 1 AS output_usd_per_million_tokens,"
            + " 0 AS usd_per_request) AS good",
        check("model_prices", constraint));
  }

  @ParameterizedTest(name = "{1} <- {0}")
  @MethodSource("refusals")
  void whatMustNotBeIsRefusedByName(String sql, String message) throws SQLException {
    trial.assertRefused(message, sql);
  }

  /** What the registry has: a price until 2026-11-01 and one from then on without an end. */
  @ParameterizedTest
  @CsvSource({
    "'2026-10-01Z', '2026-10-02Z'",
    "'2025-12-31Z', '2026-01-01T00:00:00.000001Z'",
    "'2026-10-31T23:59:59.999999Z', NULL",
    "'2099-01-01Z', '2099-01-02Z'",
    "'-infinity', NULL"
  })
  void pricesInEffectNeverOverlap(String from, String to) throws SQLException {
    trial.assertRefused(
        "conflicting key value violates exclusion constraint \"model_prices_in_effect_excl\"",
        PRICE.formatted("'" + from + "'", to.equals("NULL") ? to : "'" + to + "'"));
  }

  @Test
  void aPriceFollowsWithoutAGapAndDeletedOnesDoNotCount() throws SQLException {
    assertThat(
            trial.rows(
                "UPDATE model_prices SET effective_to = '2100-01-01Z' WHERE id = $model_price",
                PRICE.formatted("'2100-01-01Z'", "NULL"),
                "UPDATE model_prices SET deleted_at = now() WHERE id = $new",
                PRICE.formatted("'2100-01-01Z'", "'2100-02-01Z'").replace("$new", "$newer"),
                "SELECT 'done'"))
        .containsExactly("done");
  }

  @ParameterizedTest
  @CsvSource({
    "effective_from = '2026-11-02Z'",
    "input_usd_per_million_tokens = 2",
    "cached_input_usd_per_million_tokens = 2",
    "output_usd_per_million_tokens = 2",
    "usd_per_request = 2",
    "model_id = $second.model"
  })
  void whatWasChargedByIsNotChanged(String change) throws SQLException {
    trial.assertRefused(
        kept("model_prices", "the price"),
        "UPDATE model_prices SET %s WHERE id = $model_price".formatted(change));
  }

  @ParameterizedTest
  @ValueSource(strings = {"$old_model_price", "$model_price"})
  void aPriceThatHasBeenInEffectIsNotDeleted(String price) throws SQLException {
    trial.assertRefused(
        kept("model_prices", "a price that has been in effect"),
        "UPDATE model_prices SET deleted_at = now() WHERE id = " + price);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "$model_price, '2026-11-02Z'",
        "$model_price, now() - interval '1 microsecond'",
        "$old_model_price, '2026-10-01Z'"
      })
  void thePastOfAPriceIsNotCutOff(String price, String end) throws SQLException {
    trial.assertRefused(
        kept("model_prices", "what was in effect before now"),
        "UPDATE model_prices SET effective_to = %s WHERE id = %s".formatted(end, price));
  }

  @Test
  void aPriceMayEndNow() throws SQLException {
    assertThat(
            trial.rows(
                "UPDATE model_prices SET effective_to = now() WHERE id = $model_price"
                    + " RETURNING effective_to = now()"))
        .containsExactly("t");
  }

  @ParameterizedTest
  @CsvSource({
    "2025-12-31T23:59:59.999999Z, ''",
    "2026-01-01T00:00:00Z, 2.5000",
    "2026-10-31T23:59:59.999999Z, 2.5000",
    "2026-11-01T00:00:00Z, 1.2500",
    "2099-01-01T00:00:00Z, 1.2500"
  })
  void thePriceAtAnInstantIsTheOneInEffect(String instant, String price) throws SQLException {
    assertThat(
            trial.rows(
                "SELECT coalesce(max(input_usd_per_million_tokens)::text, '')"
                    + " FROM model_price_at('openai', $model::text, '%s')".formatted(instant)))
        .containsExactly(price);
  }

  @Test
  void aDeletedModelHasNoPrice() throws SQLException {
    assertThat(
            trial.rows(
                "UPDATE models SET deleted_at = now() WHERE id = $model",
                "SELECT id FROM model_price_at('openai', $model::text, now())"))
        .isEmpty();
  }

  /** What was used before a model was deleted is still charged by what held then. */
  @Test
  void aDeletedModelKeepsThePricesOfItsTime() throws SQLException {
    String[] renewed = {
      "UPDATE models SET deleted_at = '2026-11-15Z' WHERE id = $model",
      "INSERT INTO models (id, provider, name, display_name) VALUES ($new, 'openai', $model::text,"
          + " 'Again')",
      "INSERT INTO model_prices (model_id, effective_from, input_usd_per_million_tokens,"
          + " cached_input_usd_per_million_tokens, output_usd_per_million_tokens) VALUES ($new,"
          + " '2025-06-01Z', 77, 0, 0)",
      "SELECT string_agg(coalesce(p.input_usd_per_million_tokens::text, '-'), ' ' ORDER BY t) FROM"
          + " unnest(ARRAY['2025-05-01Z', '2025-12-01Z', '2026-02-01Z', '2026-11-14 23:59Z',"
          + " '2026-11-15Z']::timestamptz[]) AS t LEFT JOIN model_price_at('openai', $model::text,"
          + " t) AS p ON true"
    };
    assertThat(trial.rows(renewed)).containsExactly("- 77.0000 2.5000 1.2500 77.0000");
    assertThat(trial.rows(renewed[0], renewed[3])).containsExactly("- - 2.5000 1.2500 -");
  }

  @Test
  void aPriceThatWasDeletedBeforeItsTimeNeverCounts() throws SQLException {
    String[] planned = {
      "UPDATE model_prices SET effective_to = '2100-01-01Z' WHERE id = $model_price",
      "INSERT INTO model_prices (id, model_id, effective_from, input_usd_per_million_tokens,"
          + " cached_input_usd_per_million_tokens, output_usd_per_million_tokens) VALUES ($new,"
          + " $model, '2100-01-01Z', 9, 0, 0)",
      "SELECT coalesce(max(input_usd_per_million_tokens)::text, '-') FROM model_price_at('openai',"
          + " $model::text, '2100-01-02Z')"
    };
    assertThat(trial.rows(planned)).containsExactly("9.0000");
    assertThat(
            trial.rows(
                planned[0],
                planned[1],
                "UPDATE model_prices SET deleted_at = now() WHERE id = $new",
                planned[2]))
        .containsExactly("-");
  }

  @ParameterizedTest
  @CsvSource({
    // input, cached, output, and the four prices
    "1000, 0, 100, 2.5000, 1.25, 10, 0",
    "1000, 400, 100, 2.5000, 1.25, 10, 0",
    "1000, 1000, 0, 2.5000, 0.0001, 10, 0",
    "5, 0, 0, 0.0001, 0, 0, 0",
    "4, 0, 0, 0.0001, 0, 0, 0",
    "3, 2, 1, 0.0003, 0.0009, 0.0007, 0.0001",
    "9999999999, 1234567890, 9999999999, 0.0333, 0.0333, 0.0777, 1.2345",
    "0, 0, 0, 1, 1, 1, 0"
  })
  void aRequestCostsWhatItsTokensDo(
      long input,
      long cached,
      long output,
      BigDecimal inputPrice,
      BigDecimal cachedPrice,
      BigDecimal outputPrice,
      BigDecimal requestPrice)
      throws SQLException {
    // In ten-thousandths of a dollar per million tokens, which are tenths of a nano dollar each.
    BigInteger tenths =
        tenThousandths(inputPrice)
            .multiply(BigInteger.valueOf(input - cached))
            .add(tenThousandths(cachedPrice).multiply(BigInteger.valueOf(cached)))
            .add(tenThousandths(outputPrice).multiply(BigInteger.valueOf(output)))
            .add(tenThousandths(requestPrice).multiply(BigInteger.valueOf(1_000_000)));
    BigInteger expected = tenths.add(BigInteger.valueOf(5)).divide(BigInteger.TEN);

    assertThat(
            trial.rows(
                "INSERT INTO models (id, provider, name, display_name) VALUES ($new, 'p', 'm',"
                    + " 'M')",
                "INSERT INTO model_prices (model_id, effective_from, input_usd_per_million_tokens,"
                    + " cached_input_usd_per_million_tokens, output_usd_per_million_tokens,"
                    + " usd_per_request) VALUES ($new, '2026-01-01Z', %s, %s, %s, %s)"
                        .formatted(inputPrice, cachedPrice, outputPrice, requestPrice),
                "SELECT usage_cost_nano_usd('p', 'm', '2026-06-01Z', %d, %d, %d)"
                    .formatted(input, cached, output)))
        .containsExactly(expected.toString());
  }

  @Test
  void whatHasNoPriceHasNoCostAndWhatCannotBeIsRefused() throws SQLException {
    assertThat(
            trial.rows(
                "SELECT usage_cost_nano_usd('openai', $model::text, t, 1, 0, 1) IS NULL FROM"
                    + " unnest(ARRAY['2025-01-01Z', '2026-11-02Z']::timestamptz[]) AS t"))
        .containsExactly("t", "f");
    for (String counts : List.of("10, 11, 0", "10, -1, 0", "-1, 0, 0", "1, 0, -1")) {
      String[] count = counts.split(", ");
      trial.assertRefused(
          "no request has %s input tokens, %s of them cached, and %s output tokens"
              .formatted((Object[]) count),
          "SELECT usage_cost_nano_usd('openai', $model::text, now(), %s)".formatted(counts));
    }
  }

  private static BigInteger tenThousandths(BigDecimal price) {
    return price.movePointRight(4).toBigIntegerExact();
  }

  static Stream<Arguments> ways() {
    return Stream.of(MODELS, MODEL_VERSIONS, MODEL_DEPLOYMENTS)
        .flatMap(ways -> ways.pairs().map(pair -> arguments(ways, pair.get()[0], pair.get()[1])));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void whatIsRegisteredGoesTheWaysOfItsLifeOnly(StatusWays ways, String from, String to)
      throws SQLException {
    String make =
        switch (ways.table()) {
          case "models" ->
              "INSERT INTO models (id, provider, name, display_name, status)"
                  + " VALUES ($new, 'p', 'new', 'New', '%s')";
          case "model_versions" ->
              "INSERT INTO model_versions (id, model_id, name, status)"
                  + " VALUES ($new, $model, 'new', '%s')";
          default ->
              "INSERT INTO model_deployments (id, model_version_id, region_code, name,"
                  + " endpoint_url, status)"
                  + " VALUES ($new, $model_version, 'eu', 'new', 'https://new', '%s')";
        };
    String go = "UPDATE %s SET status = '%s' WHERE id = $new".formatted(ways.table(), to);
    if (ways.allowed(from, to)) {
      assertThat(trial.rows(make.formatted(from), go + " RETURNING status")).containsExactly(to);
    } else {
      trial.assertRefused(ways.refusal(from, to), make.formatted(from), go);
    }
  }
}
