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

class TenancyIT {
  private static final StatusWays ORGANIZATIONS =
      new StatusWays(
          "organizations",
          Map.of(
              "active", List.of("suspended", "deleted"),
              "suspended", List.of("active", "deleted"),
              "deleted", List.of("active", "erased"),
              "erased", List.of()));

  private static final String CHANGE = "UPDATE organizations SET %s WHERE id = $organization";

  private static final String BUDGET =
      "INSERT INTO budgets (organization_id, workspace_id, period, starts_on, limit_amount)"
          + " VALUES ($organization, %s, '%s', '%s', 5)";

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static Trial trial;

  @BeforeAll
  static void fill() {
    trial = Trial.with(POSTGRES.newMigratedDatabase(), "202611210905_tenancy");
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        organization("name = ' '", "organizations_name_not_blank"),
        organization("slug = 'Not-safe'", "organizations_slug_url_safe"),
        organization("slug = 'a--b'", "organizations_slug_url_safe"),
        organization("billing_currency = 'usd'", "organizations_billing_currency_code"),
        organization("billing_email_ciphertext = 'x'", "organizations_billing_email_has_key"),
        organization("billing_email_key_id = 'k'", "organizations_billing_email_has_key"),
        organization("quota_workspaces = -1", "organizations_quota_workspaces_not_negative"),
        organization("quota_users = -1", "organizations_quota_users_not_negative"),
        organization(
            "quota_requests_per_minute = -1",
            "organizations_quota_requests_per_minute_not_negative"),
        organization(
            "quota_tokens_per_month = -1", "organizations_quota_tokens_per_month_not_negative"),
        organization("settings = '[]'", "organizations_settings_object"),
        organization("deleted_at = now()", "organizations_deleted_at_fits_status"),
        organization("status = 'deleted'", "organizations_deleted_at_fits_status"),
        organization("erased_at = now()", "organizations_erased_at_fits_status"),
        arguments(
            CHANGE.formatted("slug = $second.organization::text"), unique("uq_organizations_slug")),
        arguments(CHANGE.formatted("region_code = 'us'"), kept("organizations", "region_code")),
        arguments(CHANGE.formatted("region_code = NULL"), kept("organizations", "region_code")),
        arguments(CHANGE.formatted("id = $new"), kept("organizations", "id")),
        arguments(
            CHANGE.formatted("plan = 'gold'"),
            "invalid input value for enum organization_plan: \"gold\""),
        arguments(
            "INSERT INTO organizations (name, slug, region_code) VALUES ('New', 'new', 'mars')",
            foreignKey("organizations", "organizations_region_code_fkey")),
        arguments(
            "DELETE FROM organizations WHERE id = $organization",
            "organizations keeps its rows: DELETE of row $organization is refused"),
        arguments("TRUNCATE organizations CASCADE", "organizations is never truncated"),
        arguments(
            "DELETE FROM regions WHERE code = 'eu'",
            stillReferenced("regions", "organizations_region_code_fkey", "organizations")),
        arguments(
            "UPDATE workspaces SET name = '' WHERE id = $workspace",
            check("workspaces", "workspaces_name_not_blank")),
        arguments(
            "UPDATE workspaces SET slug = 'a b' WHERE id = $workspace",
            check("workspaces", "workspaces_slug_url_safe")),
        arguments(
            "UPDATE workspaces SET slug = 'sales' WHERE id = $workspace",
            unique("uq_workspaces_organization_id_slug")),
        arguments(
            "UPDATE workspaces SET organization_id = $second.organization WHERE id = $workspace",
            kept("workspaces", "organization_id")),
        arguments(
            "INSERT INTO workspaces (organization_id, name, slug) VALUES ($nobody, 'New', 'new')",
            foreignKey("workspaces", "workspaces_organization_id_fkey")),
        arguments(
            "DELETE FROM workspaces WHERE id = $workspace",
            stillReferenced("workspaces", "environments_workspace_id_fkey", "environments")),
        arguments(
            "UPDATE environments SET name = '' WHERE id = $environment",
            check("environments", "environments_name_not_blank")),
        arguments(
            "UPDATE environments SET workspace_id = $second.workspace WHERE id = $environment",
            foreignKey("environments", "environments_workspace_id_fkey")),
        arguments(
            "INSERT INTO environments (organization_id, workspace_id, name, tier)"
                + " VALUES ($organization, $workspace, 'Production', 'test')",
            unique("uq_environments_organization_id_workspace_id_name")),
        arguments(
            "UPDATE environments SET tier = 'moon' WHERE id = $environment",
            "invalid input value for enum environment_tier: \"moon\""),
        workspaceSetting(
            "payload_retention = '0'", "workspace_settings_payload_retention_positive"),
        workspaceSetting("run_retention = '-1 day'", "workspace_settings_run_retention_positive"),
        workspaceSetting(
            "quota_requests_per_minute = -1",
            "workspace_settings_quota_requests_per_minute_not_negative"),
        workspaceSetting(
            "quota_tokens_per_month = -1",
            "workspace_settings_quota_tokens_per_month_not_negative"),
        workspaceSetting("settings = '1'", "workspace_settings_settings_object"),
        arguments(
            "INSERT INTO workspace_settings (organization_id, workspace_id)"
                + " VALUES ($organization, $workspace)",
            unique("uq_workspace_settings_organization_id_workspace_id")),
        arguments(
            "INSERT INTO workspace_settings (organization_id, workspace_id)"
                + " VALUES ($organization, $second.workspace)",
            foreignKey("workspace_settings", "workspace_settings_workspace_id_fkey")),
        budget("limit_amount = -0.0001", "budgets_limit_amount_not_negative"),
        budget("limit_amount = 'NaN'", "budgets_limit_amount_not_negative"),
        budget("currency = 'eur'", "budgets_currency_code"),
        budget("alert_thresholds_percent = '{0}'", "budgets_alert_thresholds_percent_sensible"),
        budget(
            "alert_thresholds_percent = '{50,1001}'", "budgets_alert_thresholds_percent_sensible"),
        budget(
            "alert_thresholds_percent = '{50,NULL}'", "budgets_alert_thresholds_percent_sensible"),
        arguments(
            "UPDATE budgets SET limit_amount = 1e15 WHERE id = $budget", "numeric field overflow"),
        arguments(
            BUDGET.formatted("NULL", "month", "2026-11-01"),
            unique("uq_budgets_organization_id_workspace_id_period_starts_on")),
        arguments(
            BUDGET.formatted("$second.workspace", "month", "2026-11-01"),
            foreignKey("budgets", "budgets_workspace_id_fkey")));
  }

  private static Arguments organization(String change, String constraint) {
    return arguments(CHANGE.formatted(change), check("organizations", constraint));
  }

  private static Arguments workspaceSetting(String change, String constraint) {
    return arguments(
        "UPDATE workspace_settings SET %s WHERE id = $workspace_setting".formatted(change),
        check("workspace_settings", constraint));
  }

  private static Arguments budget(String change, String constraint) {
    return arguments(
        "UPDATE budgets SET %s WHERE id = $budget".formatted(change), check("budgets", constraint));
  }

  @ParameterizedTest(name = "{1} <- {0}")
  @MethodSource("refusals")
  void whatMustNotBeIsRefusedByName(String sql, String message) throws SQLException {
    trial.assertRefused(message, sql);
  }

  static Stream<Arguments> ways() {
    return ORGANIZATIONS.pairs();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void anOrganizationGoesTheWaysOfItsLifeOnly(String from, String to) throws SQLException {
    String make =
        "INSERT INTO organizations (id, name, slug, status, deleted_at, erased_at)"
            + " VALUES ($new, 'New', 'new', '%s', %s, %s)"
                .formatted(from, time("deleted erased", from), time("erased", from));
    String go =
        "UPDATE organizations SET status = '%s', deleted_at = %s, erased_at = %s WHERE id = $new"
            .formatted(to, time("deleted erased", to), time("erased", to));
    if (ORGANIZATIONS.allowed(from, to)) {
      assertThat(trial.rows(make, go + " RETURNING status")).containsExactly(to);
    } else {
      trial.assertRefused(ORGANIZATIONS.refusal(from, to), make, go);
    }
  }

  private static String time(String states, String state) {
    return List.of(states.split(" ")).contains(state) ? "now()" : "NULL";
  }

  @Test
  void erasureTakesTheContactsAway() throws SQLException {
    String delete =
        CHANGE.formatted("status = 'deleted', deleted_at = now(), billing_reference = 'c-1'");
    String erase = "status = 'erased', erased_at = now()";

    trial.assertRefused(
        check("organizations", "organizations_erased_without_contact"),
        delete,
        CHANGE.formatted(erase));
    assertThat(
            trial.rows(
                delete,
                CHANGE.formatted(erase + ", name = 'erased', billing_reference = NULL")
                    + " RETURNING status"))
        .containsExactly("erased");
  }

  @Test
  void aRegionIsChosenOnce() throws SQLException {
    assertThat(
            trial.rows(
                "INSERT INTO organizations (id, name, slug) VALUES ($new, 'New', 'new')",
                "UPDATE organizations SET region_code = 'us' WHERE id = $new",
                "UPDATE organizations SET region_code = 'us', name = 'Newer' WHERE id = $new"
                    + " RETURNING concat_ws(' ', region_code, data_persistence_mode, plan, status)"))
        .containsExactly("us metadata_only free active");
  }

  @Test
  void aDeletedNameIsFreeAgain() throws SQLException {
    assertThat(
            trial.rows(
                "UPDATE workspaces SET deleted_at = now() WHERE id = $other_workspace",
                "UPDATE workspaces SET slug = 'sales' WHERE id = $workspace",
                CHANGE.formatted("status = 'deleted', deleted_at = now()"),
                "UPDATE organizations SET slug = $organization::text WHERE id ="
                    + " $second.organization",
                "UPDATE budgets SET deleted_at = now() WHERE id = $budget",
                BUDGET.formatted("NULL", "month", "2026-11-01"),
                "SELECT 'done'"))
        .containsExactly("done");
  }

  @Test
  void budgetsFollowOneAnotherAndTheLastThatStartedHolds() throws SQLException {
    assertThat(
            trial.rows(
                BUDGET.formatted("NULL", "month", "2026-12-01"),
                BUDGET.formatted("NULL", "year", "2026-11-01"),
                "SELECT limit_amount FROM budgets WHERE organization_id = $organization"
                    + " AND workspace_id IS NULL AND period = 'month' AND starts_on <="
                    + " '2026-12-24' AND deleted_at IS NULL ORDER BY starts_on DESC LIMIT 1"))
        .containsExactly("5.0000");
  }

  @ParameterizedTest
  @CsvSource({"version, 1", "2147483647, 1", "1, 1"})
  void theLastVersionIsFollowedByTheFirst(String given, String version) throws SQLException {
    assertThat(
            trial.rows(
                "ALTER TABLE organizations DISABLE TRIGGER record_change",
                CHANGE.formatted("version = 2147483647"),
                "SET CONSTRAINTS ALL IMMEDIATE",
                "ALTER TABLE organizations ENABLE TRIGGER record_change",
                CHANGE.formatted("name = 'Newer', version = " + given) + " RETURNING version"))
        .containsExactly(version);
  }

  /** Both ways to lock optimistically: the version that was read, and the one after it. */
  @ParameterizedTest
  @CsvSource({"version, 2", "1, 2", "2, 2"})
  void aChangeFromTheCurrentVersionCountsItUp(String given, String then) throws SQLException {
    assertThat(
            trial.rows(
                CHANGE.formatted("name = 'Newer', version = " + given) + " RETURNING version"))
        .containsExactly(then);
  }

  @ParameterizedTest
  @CsvSource({"1", "4", "-1"})
  void aChangeFromAnotherVersionIsRefused(String given) throws SQLException {
    trial.assertRefused(
        "organizations has version 2 of this row, and the change was made from version " + given,
        CHANGE.formatted("name = 'Newer'"),
        CHANGE.formatted("version = " + given));
  }

  @Test
  void changesAreTimedAndCreationStays() throws SQLException {
    assertThat(
            trial.rows(
                CHANGE.formatted("created_at = '1999-01-01Z', updated_at = '1999-01-01Z'")
                    + " RETURNING concat_ws(' ', created_at > '2026-01-01', updated_at = now())"))
        .containsExactly("t t");
  }

  @Test
  void servicesFindTheOrganizationOfAUrlBeforeTheyKnowTheTenant() throws SQLException {
    String find = "SELECT format('%s', f) FROM find_organization($organization::text) AS f";

    assertThat(asService(find)).containsExactly("(" + Trial.id("organization") + ",active,eu)");
    assertThat(
            trial.rows(
                CHANGE.formatted("status = 'deleted', deleted_at = now()"),
                "GRANT tidemark_service TO CURRENT_USER",
                "SET LOCAL ROLE tidemark_service",
                find))
        .isEmpty();
    assertThat(asService("SELECT count(*) FROM organizations")).containsExactly("0");
  }

  /** What the session runs as a service of no tenant. */
  private static List<String> asService(String sql) throws SQLException {
    return trial.rows(
        "GRANT tidemark_service TO CURRENT_USER", "SET LOCAL ROLE tidemark_service", sql);
  }
}
