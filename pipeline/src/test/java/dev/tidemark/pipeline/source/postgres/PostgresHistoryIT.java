package dev.tidemark.pipeline.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.UserFailure;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.testing.PostgresExtension;
import dev.tidemark.migrator.testing.Sql;
import dev.tidemark.pipeline.testing.Login;
import dev.tidemark.pipeline.window.TimeRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresHistoryIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final TimeRange ALL = TimeRange.parse("2000-01-01", "2099-01-01");

  /** In the role that extracts, which owns nothing. */
  @Test
  void itTellsWhatARangeHoldsWithoutReadingIt() throws Exception {
    Database database = POSTGRES.newMigratedDatabase();
    try (Login login = Login.of(database, "tidemark_extraction")) {
      PostgresHistory history = history(login.database());
      assertThat(history.extent(ALL)).isEmpty();
      assertThat(history.queryForOneEvent(ALL)).isEmpty();

      Sql.execute(
          database,
          """
          INSERT INTO usage_events (id, occurred_at, organization_id, provider, model, status, input_tokens,
            output_tokens)
          SELECT gen_random_uuid(), at, gen_random_uuid(), 'p', 'm', 'success', 1, 1
          FROM generate_series('2020-03-01Z'::timestamptz, '2020-03-10 23:59Z', '1 minute') AS at
          UNION ALL
          SELECT gen_random_uuid(), at::timestamptz, gen_random_uuid(), 'p', 'm', 'success', 1, 1
          FROM unnest(ARRAY['infinity', '-infinity', '1900-01-01Z']) AS at
          """,
          "ANALYZE usage_events_default");

      assertThat(history.extent(ALL))
          .contains(
              new TimeRange(
                  TimeRange.parse("2020-03-01", "2020-03-02").from(),
                  TimeRange.parse("2020-03-10T23:59", "2020-03-11").from() + 1));
      // Ten days of 1,440 events; the planner's statistics are a sample.
      assertThat(history.rowsAbout(TimeRange.parse("2020-03-03", "2020-03-05")))
          .isBetween(2_500L, 3_300L);
      // Each empty partition, never analyzed, is taken for one of some pages.
      assertThat(history.rowsAbout()).isBetween(14_000L, 30_000L);
      String query =
          history.queryForOneEvent(TimeRange.parse("2020-03-03", "2020-03-04")).orElseThrow();
      assertThat(Sql.value(database, query)).isEqualTo("m");
      assertThat(Sql.value(database, query.replace("SELECT model", "SELECT occurred_at::date")))
          .isEqualTo("2020-03-03");
      assertThat(history.queryForOneEvent(TimeRange.parse("2021-01-01", "2021-02-01"))).isEmpty();
    }
  }

  @Test
  void oneHasTheRightToBackfillAndGivesItBack() {
    Database database = POSTGRES.newMigratedDatabase();
    PostgresHistory history = history(database);
    PostgresHistory other = history(database);
    assertThat(history.holder()).isEmpty();
    history.locked(
        () -> {
          assertThat(other.holder().orElseThrow()).contains("has been at it since");
          assertThatThrownBy(() -> other.locked(() -> 1))
              .isInstanceOfSatisfying(
                  UserFailure.class,
                  e -> {
                    assertThat(e.code()).isEqualTo("TM-PIP-092");
                    assertThat(e.exitCode()).isEqualTo(ExitCode.BUSY);
                  });
          return 1;
        });
    assertThat(other.locked(() -> 2)).isEqualTo(2);
    assertThatThrownBy(
            () ->
                history.locked(
                    () -> {
                      throw new IllegalStateException("broken");
                    }))
        .hasMessage("broken");
    assertThat(other.locked(() -> 3)).isEqualTo(3);
  }

  private static PostgresHistory history(Database database) {
    return new PostgresHistory(
        new PostgresServer(database.jdbcUrl(), database.user(), database.password()));
  }
}
