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
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.HexFormat;
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

class WorkflowsIT {
  private static final StatusWays WORKFLOWS =
      new StatusWays(
          "workflows",
          Map.of(
              "draft", List.of("active", "archived"),
              "active", List.of("suspended", "archived"),
              "suspended", List.of("active", "archived"),
              "archived", List.of()));

  private static final StatusWays POLICIES =
      new StatusWays(
          "policies",
          Map.of(
              "draft", List.of("active", "retired"),
              "active", List.of("retired"),
              "retired", List.of()));

  private static final String VERSION =
      "INSERT INTO workflow_versions (id, organization_id, workflow_id, semantic_version,"
          + " definition, model_count, published_by_user_id)"
          + " VALUES ($new, $organization, $workflow, %s, %s, %s, $author)";

  private static final String PIN =
      "INSERT INTO workflow_version_models (organization_id, workflow_version_id, alias,"
          + " model_version_id) VALUES ($organization, %s, %s, $model_version)";

  private static final String BINDING =
      "INSERT INTO policy_bindings (organization_id, policy_version_id, workspace_id, workflow_id,"
          + " priority) VALUES ($organization, $policy_version, %s, %s, %s)";

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
            "202611210920_workflows");
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        arguments(
            "INSERT INTO workflows (organization_id, workspace_id, name)"
                + " VALUES ($organization, $second.workspace, 'Mine')",
            foreignKey("workflows", "workflows_workspace_id_fkey")),
        arguments(
            "UPDATE workflows SET name = ' ' WHERE id = $workflow",
            check("workflows", "workflows_name_not_blank")),
        arguments(
            "UPDATE workflows SET description = repeat('x', 10001) WHERE id = $workflow",
            check("workflows", "workflows_description_at_most_10000")),
        arguments(
            "UPDATE workflows SET name = 'Invoice triage' WHERE id = $draft_workflow",
            unique("uq_workflows_organization_id_workspace_id_name")),
        arguments(
            "UPDATE workflows SET organization_id = $second.organization WHERE id = $workflow",
            kept("workflows", "organization_id")),
        arguments(
            "UPDATE workflows SET risk_tier = 'none' WHERE id = $workflow",
            "invalid input value for enum risk_tier: \"none\""),
        arguments(
            "DELETE FROM workflows WHERE id = $workflow",
            stillReferenced(
                "workflows", "workflow_versions_workflow_id_fkey", "workflow_versions")),
        arguments(
            VERSION.formatted("'1.0.0+rebuilt'", "'{}'", 0),
            unique("uq_workflow_versions_organization_id_workflow_id_version")),
        arguments(
            VERSION.formatted("'1.0.1'", "'[]'", 0),
            check("workflow_versions", "workflow_versions_definition_is_object")),
        arguments(
            VERSION.formatted("'1.0.1'", "jsonb_build_object('a', repeat('x', 1048576))", 0),
            check("workflow_versions", "workflow_versions_definition_at_most_1_mib")),
        arguments(
            VERSION.formatted("'1.0.1'", "'{}'", 101),
            check("workflow_versions", "workflow_versions_model_count_within_100")),
        arguments(
            VERSION.formatted("'1.0.1'", "'{}'", 0).replace("$workflow,", "$second.workflow,"),
            foreignKey("workflow_versions", "workflow_versions_workflow_id_fkey")),
        arguments(
            VERSION.formatted("'1.0.1'", "'{}'", 0).replace("$author", "$second.author"),
            foreignKey("workflow_versions", "workflow_versions_published_by_user_id_fkey")),
        arguments(
            "INSERT INTO workflow_versions (organization_id, workflow_id, semantic_version,"
                + " definition, definition_digest, published_by_user_id)"
                + " VALUES ($organization, $workflow, '1.0.1', '{}', '\\x00', $author)",
            "cannot insert a non-DEFAULT value into column \"definition_digest\""),
        arguments(
            "UPDATE workflow_versions SET definition = '{}' WHERE id = $workflow_version",
            appendOnly("workflow_versions", "UPDATE", "$workflow_version")),
        arguments(
            "DELETE FROM workflow_versions WHERE id = $workflow_version",
            appendOnly("workflow_versions", "DELETE", "$workflow_version")),
        arguments("TRUNCATE workflow_versions CASCADE", "workflow_versions is never truncated"),
        arguments(
            PIN.formatted("$workflow_version", "'writer'"),
            "workflow_version_models: version $workflow_version pins 1 models and has them all"),
        arguments(
            "UPDATE workflow_version_models SET alias = 'writer' WHERE id ="
                + " $workflow_version_model",
            appendOnly("workflow_version_models", "UPDATE", "$workflow_version_model")),
        arguments(
            "DELETE FROM workflow_version_models WHERE id = $workflow_version_model",
            appendOnly("workflow_version_models", "DELETE", "$workflow_version_model")),
        arguments("TRUNCATE workflow_version_models", "workflow_version_models is never truncated"),
        arguments(
            "UPDATE policies SET name = '' WHERE id = $policy",
            check("policies", "policies_name_not_blank")),
        arguments(
            "UPDATE policies SET description = repeat('x', 10001) WHERE id = $policy",
            check("policies", "policies_description_at_most_10000")),
        arguments(
            "INSERT INTO policies (organization_id, name)"
                + " VALUES ($organization, 'No refunds at night')",
            unique("uq_policies_organization_id_name")),
        arguments(
            "INSERT INTO policies (organization_id, name) VALUES ($nobody, 'Lost')",
            foreignKey("policies", "policies_organization_id_fkey")),
        arguments(
            policyVersion("$policy", "1", "'package a'", "$author"),
            unique("uq_policy_versions_organization_id_policy_id_version_number")),
        arguments(
            policyVersion("$policy", "0", "'package a'", "$author"),
            check("policy_versions", "policy_versions_version_number_positive")),
        arguments(
            policyVersion("$policy", "2", "'allow := true'", "$author"),
            check("policy_versions", "policy_versions_rego_declares_package")),
        arguments(
            policyVersion("$policy", "2", "repeat('# ', 524289) || E'\\npackage a'", "$author"),
            check("policy_versions", "policy_versions_rego_at_most_1_mib")),
        arguments(
            policyVersion("$second.policy", "2", "'package a'", "$author"),
            foreignKey("policy_versions", "policy_versions_policy_id_fkey")),
        arguments(
            policyVersion("$policy", "2", "'package a'", "$second.author"),
            foreignKey("policy_versions", "policy_versions_published_by_user_id_fkey")),
        arguments(
            "UPDATE policy_versions SET rego = 'package b' WHERE id = $policy_version",
            appendOnly("policy_versions", "UPDATE", "$policy_version")),
        arguments(
            "DELETE FROM policy_versions WHERE id = $policy_version",
            appendOnly("policy_versions", "DELETE", "$policy_version")),
        arguments("TRUNCATE policy_versions CASCADE", "policy_versions is never truncated"),
        arguments(
            BINDING.formatted("NULL", "NULL", 10), unique("uq_policy_bindings_scope_priority")),
        arguments(
            BINDING.formatted("$workspace", "NULL", 10),
            unique("uq_policy_bindings_scope_priority")),
        arguments(
            BINDING.formatted("NULL", "$workflow", 10),
            unique("uq_policy_bindings_scope_priority")),
        arguments(
            BINDING.formatted("$workspace", "$workflow", 20),
            check("policy_bindings", "policy_bindings_one_scope")),
        arguments(
            BINDING.formatted("NULL", "NULL", 0),
            check("policy_bindings", "policy_bindings_priority_within_1_to_1000")),
        arguments(
            BINDING.formatted("NULL", "NULL", 1001),
            check("policy_bindings", "policy_bindings_priority_within_1_to_1000")),
        arguments(
            BINDING.formatted("$second.workspace", "NULL", 20),
            foreignKey("policy_bindings", "policy_bindings_workspace_id_fkey")),
        arguments(
            BINDING.formatted("NULL", "$second.workflow", 20),
            foreignKey("policy_bindings", "policy_bindings_workflow_id_fkey")),
        arguments(
            BINDING
                .formatted("NULL", "NULL", 20)
                .replace("$policy_version", "$second.policy_version"),
            foreignKey("policy_bindings", "policy_bindings_policy_version_id_fkey")));
  }

  @ParameterizedTest(name = "{1} <- {0}")
  @MethodSource("refusals")
  void whatMustNotBeIsRefusedByName(String sql, String message) throws SQLException {
    trial.assertRefused(message, sql);
  }

  static Stream<Arguments> workflowWays() {
    return WORKFLOWS.pairs();
  }

  @ParameterizedTest
  @MethodSource("workflowWays")
  void aWorkflowGoesTheWaysOfItsLifeOnly(String from, String to) throws SQLException {
    assertWay(WORKFLOWS, from, to);
  }

  static Stream<Arguments> policyWays() {
    return POLICIES.pairs();
  }

  @ParameterizedTest
  @MethodSource("policyWays")
  void aPolicyGoesTheWaysOfItsLifeOnly(String from, String to) throws SQLException {
    assertWay(POLICIES, from, to);
  }

  /** Examples of semver.org. */
  @ParameterizedTest
  @CsvSource({
    "0.0.4, 0 0 4 f",
    "10.20.30, 10 20 30 f",
    "1.1.2-prerelease+meta, 1 1 2 t",
    "1.1.2+meta-valid, 1 1 2 f",
    "1.0.0-alpha, 1 0 0 t",
    "1.0.0-alpha.beta.1, 1 0 0 t",
    "1.0.0-alpha.0valid, 1 0 0 t",
    "1.0.0-alpha-a.b-c-somethinglong+build.1-aef.1-its-okay, 1 0 0 t",
    "2.0.1-alpha.1227, 2 0 1 t",
    "1.2.3----RC-SNAPSHOT.12.9.1--.12+788, 1 2 3 t",
    "1.0.0-0A.is.legal, 1 0 0 t",
    "1.0.1+0.build.1-rc.10000aaa-kk-0.1, 1 0 1 f",
    "999999999.999999999.999999999, 999999999 999999999 999999999 f"
  })
  void aSemanticVersionIsTakenApart(String version, String parts) throws SQLException {
    assertThat(
            trial.rows(
                VERSION.formatted("'" + version + "'", "'{}'", 0),
                "SELECT concat_ws(' ', major, minor, patch, is_prerelease) FROM workflow_versions"
                    + " WHERE id = $new"))
        .containsExactly(parts);
  }

  /** Examples of semver.org, and some of ours. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1.2",
        "1.2.3-0123",
        "1.2.3-0123.0123",
        "1.1.2+.123",
        "+invalid",
        "-invalid",
        "alpha",
        "alpha.1.2",
        "1.0.0-alpha_beta",
        "1.0.0-alpha..",
        "1.0.0-alpha..1",
        "01.1.1",
        "1.01.1",
        "1.1.01",
        "1.2.3.DEV",
        "1.2-SNAPSHOT",
        "1.2.31.2.3----RC-SNAPSHOT.12.09.1--..12",
        "-1.0.3-gamma+b7718",
        "+justmeta",
        "9.8.7+meta+meta",
        "9.8.7-whatever+meta+meta",
        "v1.2.3",
        " 1.2.3",
        "1.2.3 ",
        "1.2.3\n",
        "1000000000.0.0",
        "99999999999999999999.0.0"
      })
  void whatIsNoSemanticVersionIsRefused(String version) throws SQLException {
    trial.assertRefused(
        check("workflow_versions", "workflow_versions_semantic_version_is_semver"),
        VERSION.formatted("'" + version + "'", "'{}'", 0));
  }

  @Test
  void versionsSortByTheirNumbers() throws SQLException {
    String rest = "'{}', 0, $author)";
    String values = "($organization, $workflow, '%s', " + rest;
    assertThat(
            trial.rows(
                "INSERT INTO workflow_versions (organization_id, workflow_id, semantic_version,"
                    + " definition, model_count, published_by_user_id) VALUES "
                    + String.join(
                        ", ",
                        Stream.of("1.10.0", "1.9.0", "2.0.0", "10.0.0", "1.9.10")
                            .map(values::formatted)
                            .toList()),
                "SELECT semantic_version FROM workflow_versions WHERE workflow_id = $workflow"
                    + " ORDER BY major, minor, patch"))
        .containsExactly("1.0.0", "1.9.0", "1.9.10", "1.10.0", "2.0.0", "10.0.0");
  }

  @Test
  void theDigestOfADefinitionCanBeRecomputedOutsideTheDatabase() throws Exception {
    String canonical = "{\"a\": {\"é\": [1, 2.50]}, \"steps\": null}";
    String expected =
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256")
                    .digest(canonical.getBytes(StandardCharsets.UTF_8)));

    assertThat(
            trial.rows(
                VERSION.formatted("'1.0.1'", "'{\"steps\":null,  \"a\":{\"é\":[1,2.50]}}'", 0),
                "SELECT encode(definition_digest, 'hex') FROM workflow_versions WHERE id = $new"))
        .containsExactly(expected);
  }

  @Test
  void aVersionComesWithAllModelsThatItAnnounces() throws SQLException {
    String version = VERSION.formatted("'1.0.1'", "'{}'", 2);
    String pin = PIN.formatted("$new", "'sorter'");
    String now = "SET CONSTRAINTS ALL IMMEDIATE";

    trial.assertRefused(
        "workflow_versions: version $new announces 2 models and pins 1", version, pin, now);
    assertThat(trial.rows(version, pin, PIN.formatted("$new", "'writer'"), now, "SELECT 'done'"))
        .containsExactly("done");
  }

  static Stream<Arguments> refusedPins() {
    return Stream.of(
        arguments(
            PIN.formatted("$new", "'Sorter 1'"),
            check("workflow_version_models", "workflow_version_models_alias_is_name")),
        arguments(
            PIN.formatted("$new", "'first'"),
            unique("uq_workflow_version_models_organization_id_version_alias")),
        arguments(
            PIN.formatted("$new", "'second'").replace("$model_version", "$nothing"),
            foreignKey("workflow_version_models", "workflow_version_models_model_version_id_fkey")),
        arguments(
            PIN.formatted("$new", "'second'").replace("$organization", "$second.organization"),
            "workflow_version_models: version $new is not there"));
  }

  @ParameterizedTest(name = "{1} <- {0}")
  @MethodSource("refusedPins")
  void aPinThatCannotBeIsRefused(String pin, String message) throws SQLException {
    trial.assertRefused(
        message, VERSION.formatted("'1.0.1'", "'{}'", 2), PIN.formatted("$new", "'first'"), pin);
  }

  @Test
  void aPinDoesNotComeInTheStatementThatPublishesItsVersion() throws SQLException {
    trial.assertRefused(
        "workflow_version_models: version $new is not there",
        "WITH pin AS (%s RETURNING workflow_version_id) %s"
            .formatted(
                PIN.formatted("$new", "'first'"),
                VERSION
                    .formatted("'1.0.1'", "'{}'", 0)
                    .replace("VALUES ($new,", "SELECT workflow_version_id,")
                    .replace("$author)", "$author FROM pin")));
  }

  @Test
  void aPinDoesNotTellWhichAliasesAnotherTenantHas() throws SQLException {
    for (String alias : List.of("'sorter'", "'nobody_has_this'")) {
      trial.assertRefused(
          foreignKey("workflow_version_models", "workflow_version_models_workflow_version_id_fkey"),
          "GRANT tidemark_service TO CURRENT_USER",
          "ALTER TABLE workflow_version_models DISABLE TRIGGER refuse_late_pin",
          "SELECT set_config('app.organization_id', $second.organization::text, true)",
          "SET LOCAL ROLE tidemark_service",
          PIN.formatted("$workflow_version", alias)
              .replace("$organization", "$second.organization"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"status = 'retired'", "deleted_at = now()"})
  void aModelThatIsNoMoreIsNotPinned(String end) throws SQLException {
    trial.assertRefused(
        "workflow_version_models: model version $model_version is retired and cannot be pinned",
        "UPDATE model_versions SET %s WHERE id = $model_version".formatted(end),
        VERSION.formatted("'1.0.1'", "'{}'", 1),
        PIN.formatted("$new", "'sorter'"));
  }

  @Test
  void aDeletedRowGivesItsNameAndItsPriorityFree() throws SQLException {
    assertThat(
            trial.rows(
                "UPDATE workflows SET deleted_at = now() WHERE id = $workflow",
                "UPDATE workflows SET name = 'Invoice triage' WHERE id = $draft_workflow",
                "UPDATE policies SET deleted_at = now() WHERE id = $policy",
                "INSERT INTO policies (organization_id, name)"
                    + " VALUES ($organization, 'No refunds at night')",
                "UPDATE policy_bindings SET deleted_at = now() WHERE id = $organization_binding",
                BINDING.formatted("NULL", "NULL", 10),
                "SELECT 'done'"))
        .containsExactly("done");
  }

  @Test
  void everyScopeHasPrioritiesOfItsOwn() throws SQLException {
    assertThat(
            trial.rows(
                BINDING.formatted("$other_workspace", "NULL", 10),
                BINDING.formatted("NULL", "$draft_workflow", 10),
                "SELECT count(*) FROM policy_bindings WHERE priority = 10 AND organization_id ="
                    + " $organization"))
        .containsExactly("5");
  }

  @ParameterizedTest
  @CsvSource({
    "invoices, Invoice triage",
    "refund, 'Refund letters, Invoice triage'",
    "\"asks for refunds\", Invoice triage",
    "refund -bills, Refund letters",
    "holiday, ''"
  })
  void workflowsAreFoundByWordsOfNameAndDescriptionInTheOwnOrganization(
      String words, String expected) throws SQLException {
    assertThat(
            trial.rows(
                "GRANT tidemark_service TO CURRENT_USER",
                "SELECT set_config('app.organization_id', $organization::text, true)",
                "SET LOCAL ROLE tidemark_service",
                "SELECT coalesce(string_agg(name, ', ' ORDER BY relevance DESC), '')"
                    + " FROM search_workflows('%s')".formatted(words)))
        .containsExactly(expected);
  }

  @Test
  void theSearchFindsNothingWithoutAnOrganizationAndNothingDeleted() throws SQLException {
    String search = "SELECT count(*) FROM search_workflows('refund')";

    assertThat(trial.rows(search)).containsExactly("0");
    assertThat(
            trial.rows(
                "SELECT set_config('app.organization_id', $organization::text, true)",
                "UPDATE workflows SET deleted_at = now() WHERE id = $workflow",
                search))
        .containsExactly("1");
  }

  private static void assertWay(StatusWays ways, String from, String to) throws SQLException {
    String table = ways.table();
    String make =
        table.equals("policies")
            ? "INSERT INTO policies (id, organization_id, name, status) VALUES ($new,"
                + " $organization, 'New', '%s')"
            : "INSERT INTO workflows (id, organization_id, workspace_id, name, status) VALUES ($new,"
                + " $organization, $workspace, 'New', '%s')";
    String go = "UPDATE %s SET status = '%s' WHERE id = $new".formatted(table, to);
    if (ways.allowed(from, to)) {
      assertThat(trial.rows(make.formatted(from), go + " RETURNING status")).containsExactly(to);
    } else {
      trial.assertRefused(ways.refusal(from, to), make.formatted(from), go);
    }
  }

  private static String policyVersion(
      String policy, String number, String rego, String publishedBy) {
    return "INSERT INTO policy_versions (organization_id, policy_id, version_number, rego,"
        + " published_by_user_id) VALUES ($organization, %s, %s, %s, %s)"
            .formatted(policy, number, rego, publishedBy);
  }
}
