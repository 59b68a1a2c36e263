package dev.tidemark.migrator.seed;

import static dev.tidemark.migrator.testing.Sql.column;
import static dev.tidemark.migrator.testing.Sql.execute;
import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigValueFactory;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.testing.Contents;
import dev.tidemark.migrator.testing.PostgresExtension;
import dev.tidemark.migrator.testing.TestKeys;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SeederIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final TestKeys KEYS = TestKeys.create();
  private static final SeedSettings SETTINGS =
      new SeedSettings(true, "s", Optional.of(Instant.parse("2026-11-21T06:00:00Z")));

  private final Database database = POSTGRES.newMigratedDatabase();

  @Test
  void runAgainItAddsNothingAndTellsTheSameKeys() throws Exception {
    SeedResult first = seeder(database).seed();
    Map<String, String> contents = Contents.of(database);
    SeedResult second = seeder(database).seed();

    assertThat(first.rows()).isPositive();
    assertThat(second.rows()).isZero();
    assertThat(second.credentials()).isEqualTo(first.credentials());
    assertThat(Contents.of(database)).isEqualTo(contents);
    assertThat(value(database, "SELECT count(*) FROM api_keys"))
        .isEqualTo(String.valueOf(first.credentials().size()));
  }

  @Test
  void theSummariesAreThoseOfTheEvents() throws Exception {
    seeder(database).seed();
    String sums = "sum(%s), sum(input_tokens), sum(output_tokens), sum(cost_nano_usd)";
    for (String grain : new String[] {"hour", "day", "month"}) {
      assertThat(
              column(
                  database,
                  "SELECT concat_ws(' ', organization_id, date_trunc('%1$s', occurred_at), %2$s) FROM usage_events GROUP BY organization_id, date_trunc('%1$s', occurred_at) ORDER BY 1"
                      .formatted(grain, sums.formatted("1"))))
          .isNotEmpty()
          .isEqualTo(
              column(
                  database,
                  "SELECT concat_ws(' ', organization_id, window_start, %s) FROM usage_summaries WHERE grain = '%s' GROUP BY organization_id, window_start ORDER BY 1"
                      .formatted(sums.formatted("request_count"), grain)));
    }
  }

  @Test
  void aRevisionMovesWhenTheNumbersDoAndNotBefore() throws Exception {
    seeder(database).seed();
    String revisions =
        "SELECT grain || ' ' || revision || ' ' || count(*) FROM usage_summaries GROUP BY grain,"
            + " revision ORDER BY 1";
    String percentiles = "SELECT sum(latency_p99_ms)::bigint FROM usage_summaries";
    // As the pipeline publishes: by buckets, within 1 %.
    execute(
        database,
        "UPDATE usage_summaries SET revision = revision + 1, latency_p99_ms = latency_p99_ms * 1.005"
            + " WHERE latency_ms_sum IS NOT NULL");
    List<String> published = column(database, revisions);
    String publishedPercentiles = value(database, percentiles);
    execute(
        database, "UPDATE usage_summaries SET data_as_of = '2026-11-20T00:00:00Z'::timestamptz");

    seeder(database).seed();

    assertThat(column(database, revisions)).isEqualTo(published);
    assertThat(value(database, percentiles)).isEqualTo(publishedPercentiles);

    // One event less and one more, of the same series and hour: as many as before, and other sums.
    String where = " WHERE id = (SELECT id FROM usage_events ORDER BY occurred_at, id LIMIT 1)";
    execute(
        database,
        "CREATE TEMP TABLE moved AS SELECT * FROM usage_events"
            + where
            + "; UPDATE moved SET id = gen_random_uuid(), output_tokens = output_tokens + 7;"
            + " DELETE FROM usage_events"
            + where
            + "; INSERT INTO usage_events SELECT * FROM moved");
    seeder(database).seed();

    assertThat(
            column(
                database,
                "SELECT grain || ' ' || count(*) FROM usage_summaries WHERE revision = 3 GROUP BY"
                    + " grain ORDER BY grain"))
        .containsExactly("hour 1", "day 1", "month 1");
    assertThat(
            column(
                database, "SELECT DISTINCT sum(output_tokens) FROM usage_summaries GROUP BY grain"))
        .containsExactly(value(database, "SELECT sum(output_tokens) FROM usage_events"));
  }

  @Test
  void whatADeveloperChangedStays() throws Exception {
    seeder(database).seed();
    execute(database, "UPDATE users SET full_name = 'Maria Berg' WHERE full_name = 'Maria Lind'");

    seeder(database).seed();

    assertThat(column(database, "SELECT full_name FROM users WHERE full_name LIKE 'Maria %'"))
        .containsExactly("Maria Berg");
  }

  @Test
  void aRowOfTheSameNameIsToldAndNothingIsAdded() throws Exception {
    execute(database, "INSERT INTO organizations (name, slug) VALUES ('Mine', 'blue-kite')");

    assertThatThrownBy(() -> seeder(database).seed())
        .hasMessageContaining("TM-MIG-076")
        .hasMessageContaining("uq_organizations_slug");
    assertThat(column(database, "SELECT slug FROM organizations")).containsExactly("blue-kite");
  }

  @Test
  void manyOrganizationsAreAddedInTheOrderOfTheirNumbers() throws Exception {
    seeder(database).scale(10);
    assertThat(seeder(database).scale(10).rows()).isZero();
    assertThat(seeder(database).scale(4).rows()).isZero();

    SeedResult more = seeder(database).scale(25);

    // An organization, a workspace, an owner, an account, a key, a budget each.
    assertThat(more.rows()).isEqualTo(15 * 6);
    assertThat(more.organizations()).isEqualTo(25);
    assertThat(column(database, "SELECT substr(slug, 7)::int FROM organizations ORDER BY 1"))
        .hasSize(25)
        .startsWith("1")
        .endsWith("25");
    String key = new DevelopmentSecrets("s").scaleApiKey(25);
    assertThat(more.credentials())
        .contains(new SeedResult.Credential("scale-25", "Gateway", "Gateway", key));
    assertThat(
            value(
                database,
                "SELECT o.slug FROM authenticate_api_key(sha256('%s')) AS k JOIN organizations AS o ON o.id = k.organization_id"
                    .formatted(key)))
        .isEqualTo("scale-25");
  }

  @Test
  void loadTestsLeaveTheAuditTriggersAsTheyWere() throws Exception {
    String triggers =
        "SELECT tgrelid::regclass || ' ' || tgname || ' ' || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1";
    List<String> before = column(database, triggers);
    seeder(database).scale(3);
    assertThat(column(database, triggers))
        .isEqualTo(before)
        .anyMatch(t -> t.contains("audit_change A"));
  }

  @Test
  void aRoleForSeedingIsEnough() throws Exception {
    String role = "seeder_" + ProcessHandle.current().pid();
    execute(
        database,
        "CREATE ROLE " + role + " LOGIN PASSWORD 'seeder'",
        "GRANT tidemark_seeding TO " + role);
    try {
      Database login = new Database(database.address(), role, "seeder");
      assertThat(seeder(login).seed().rows()).isPositive();
      assertThat(seeder(login).scale(5).rows()).isEqualTo(5 * 6);
    } finally {
      execute(database, "DROP ROLE " + role);
    }
  }

  @Test
  void whereItIsNotAllowedNothingIsSeeded() {
    assertThatThrownBy(
            () -> Seeder.of(database, KEYS.keys(), new SeedSettings(false, "s", Optional.empty())))
        .isInstanceOfSatisfying(
            MigratorException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.REFUSED))
        .hasMessageContaining("TM-MIG-074")
        .hasMessageContaining("TIDEMARK_SEED_ALLOWED=true");
  }

  @Test
  void onlyTheLaptopsDatabaseIsAllowedByItself() {
    assertThat(SeedSettings.of(Settings.parse("database.url = embedded")).allowed()).isTrue();
    assertThat(
            SeedSettings.of(Settings.parse("database.url = \"jdbc:postgresql://h/d\"")).allowed())
        .isFalse();
    assertThat(
            SeedSettings.of(
                    KEYS.config(database)
                        .withValue(
                            "seed.until", ConfigValueFactory.fromAnyRef("2026-01-01T00:00:00Z")))
                .until())
        .contains(Instant.parse("2026-01-01T00:00:00Z"));
    assertThatThrownBy(() -> SeedSettings.of(Settings.parse("seed.until = yesterday")))
        .hasMessageContaining("seed.until");
  }

  @Test
  void withoutTheSchemaItSaysWhatToDo() {
    assertThatThrownBy(() -> seeder(POSTGRES.newDatabase()).seed())
        .hasMessageContaining("TM-MIG-075")
        .hasMessageContaining("tidemark migrate apply");
  }

  private static Seeder seeder(Database database) {
    return Seeder.of(database, KEYS.keys(), SETTINGS);
  }
}
