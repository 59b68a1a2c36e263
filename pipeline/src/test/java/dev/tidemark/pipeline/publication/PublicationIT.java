package dev.tidemark.pipeline.publication;

import static dev.tidemark.migrator.testing.Sql.column;
import static dev.tidemark.migrator.testing.Sql.execute;
import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.UserFailure;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.testing.PostgresExtension;
import dev.tidemark.pipeline.Pipeline;
import dev.tidemark.pipeline.Pipeline.RunReport;
import dev.tidemark.pipeline.PipelineSettings;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.reconciliation.Comparison;
import dev.tidemark.pipeline.reconciliation.ReconciliationReport;
import dev.tidemark.pipeline.rollup.Rollup;
import dev.tidemark.pipeline.source.postgres.PostgresServer;
import dev.tidemark.pipeline.sql.SqlResource;
import dev.tidemark.pipeline.testing.Login;
import dev.tidemark.pipeline.testing.TestLake;
import dev.tidemark.pipeline.testing.TestSpark;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class PublicationIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String WRONG =
      SqlResource.of(PublicationIT.class, "wrong-summaries.sql").text();

  /** Each row with the transaction that wrote it: what stays is not written again. */
  private static final String ROWS =
      "SELECT concat_ws(' ', grain, window_start, organization_id, user_id, operation, model, xmin)"
          + " FROM %s ORDER BY 1";

  private static final String BLOCKED =
      " FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
          + " AND query ILIKE '%usage_summaries%'";
  private static final String WAITING = "SELECT count(*)" + BLOCKED;
  private static final String END_WAITING = "SELECT pg_terminate_backend(pid)" + BLOCKED;

  private static final Rollup.Listener NOBODY = (table, partition, done, of) -> {};
  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.DAYS);

  @TempDir Path folder;
  private Database database;
  private Lake lake;

  private Login login;

  @BeforeEach
  void open() throws Exception {
    database = POSTGRES.newMigratedDatabase();
    login = Login.of(database, "tidemark_extraction");
    lake = TestLake.create(folder);
  }

  @AfterEach
  void close() throws Exception {
    login.close();
  }

  @Test
  void summariesAreWhatTheEventsAddUpToAndOnlyWhatChangesIsWritten() throws Exception {
    insert(1, 400, NOW.minus(Duration.ofDays(40)), Duration.ofDays(40));
    Pipeline pipeline = pipeline(lake);
    RunReport first = pipeline.run(NOBODY);
    first.published().require();
    assertThat(first.published().report().written()).isEqualTo(count("usage_summaries"));
    assertThat(count("usage_summaries")).isGreaterThan(500);
    assertThat(value(database, WRONG)).isEqualTo("0");

    List<String> before = rows();
    insert(1001, 3, NOW.minus(Duration.ofDays(9)), Duration.ofMinutes(30));
    RunReport late = pipeline.run(NOBODY);
    assertThat(value(database, WRONG)).isEqualTo("0");
    List<String> after = rows();
    long hour = lateSeries();
    after.removeAll(before);
    assertThat(after)
        .as("the late hour, its day and its month, and nothing else")
        .hasSize((int) (3 * hour));
    assertThat(late.published().report()).isEqualTo(new PublicationReport(3 * hour, 0, 0));
    assertThat(value(database, "SELECT max(revision) FROM usage_summaries WHERE grain = 'month'"))
        .isEqualTo("2");

    int[] jobs = {0};
    SparkListener counter =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart start) {
            jobs[0]++;
          }
        };
    List<String> settled = rows();
    String published = value(database, "SELECT max(published_at) FROM usage_publications");
    TestSpark.session().sparkContext().addSparkListener(counter);
    try {
      assertThat(publication(lake).run(false, NOW)).isEqualTo(PublicationReport.NONE);
      TestSpark.session().sparkContext().listenerBus().waitUntilEmpty();
    } finally {
      TestSpark.session().sparkContext().removeSparkListener(counter);
    }
    assertThat(jobs[0]).isZero();
    assertThat(rows()).isEqualTo(settled);
    assertThat(value(database, "SELECT max(published_at) FROM usage_publications"))
        .isEqualTo(published);
  }

  @Test
  void whatWasAlteredInPostgresOrTurnedBackInTheLakeIsFoundAndMended() throws Exception {
    insert(1, 30, NOW.minus(Duration.ofDays(3)), Duration.ofDays(2));
    Pipeline pipeline = pipeline(lake);
    pipeline.run(NOBODY).published().require();
    execute(
        database,
        "UPDATE usage_summaries SET input_tokens = input_tokens + 1, revision = 9"
            + " WHERE grain = 'hour' AND window_start = (SELECT min(window_start) FROM"
            + " usage_summaries WHERE grain = 'hour')",
        "DELETE FROM usage_summaries WHERE grain = 'day' AND window_start = (SELECT"
            + " min(window_start) FROM usage_summaries WHERE grain = 'day')",
        "INSERT INTO usage_summaries (grain, window_start, organization_id, provider, model,"
            + " request_count, error_count, input_tokens, cached_input_tokens, output_tokens,"
            + " cost_nano_usd, data_as_of) VALUES ('month', '2020-02-01Z',"
            + " gen_random_uuid(), 'p', 'm', 1, 0, 1, 0, 1, 1, now())");
    ReconciliationReport found = pipeline.reconcile(Optional.empty());
    assertThat(found.checks().get(Comparison.HOURLY_SUMMARIES).mismatches()).isEqualTo(1);
    assertThat(found.checks().get(Comparison.DAILY_SUMMARIES).mismatches()).isEqualTo(1);
    assertThat(found.checks().get(Comparison.MONTHLY_SUMMARIES).mismatches()).isEqualTo(1);
    assertThat(pipeline.repair(Optional.empty(), NOBODY).agrees()).isTrue();
    assertThat(value(database, WRONG)).isEqualTo("0");

    TestLake.rows(lake, "DELETE FROM ${hourly} WHERE hour(hour_start) % 2 = 0");
    publication(lake).run(false, NOW);
    assertThat(count("usage_summaries WHERE grain = 'hour'"))
        .as("what vanished from the lake")
        .isEqualTo((long) TestLake.value(lake, "SELECT count(*) FROM ${hourly}"));
    TestLake.rows(
        lake, "RESTORE TABLE ${hourly} TO VERSION AS OF " + (lake.usageHourly().version() - 1));
    publication(lake).run(false, NOW);
    assertThat(value(database, WRONG)).isEqualTo("0");
  }

  /** The earlier month is through when the later one is refused. */
  @Test
  void aVersionIsPublishedWhenItsLastMonthIs() throws Exception {
    insert(1, 10, NOW.minus(Duration.ofDays(40)), Duration.ofHours(5));
    insert(21, 10, NOW.minus(Duration.ofDays(3)), Duration.ofDays(2));
    pipeline(lake).run(NOBODY).published().require();
    insert(101, 5, NOW.minus(Duration.ofDays(40)), Duration.ofHours(5));
    rollUpOnly(111, 5);
    execute(
        database,
        "ALTER TABLE usage_summaries ADD CONSTRAINT never CHECK (window_start < '%s') NOT VALID"
            .formatted(NOW.minus(Duration.ofDays(20))));

    assertThatThrownBy(() -> publication(lake).run(false, NOW))
        .isInstanceOfSatisfying(
            UserFailure.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PARTIAL));

    execute(database, "ALTER TABLE usage_summaries DROP CONSTRAINT never");
    assertThat(publication(lake).run(false, NOW).written()).isPositive();
    assertThat(value(database, WRONG)).isEqualTo("0");
  }

  /** Months that Postgres has retired are not published; identifiers that are none stay out. */
  @Test
  void whatPostgresDoesNotKeepOrCannotTakeStaysOut() throws Exception {
    insert(1, 20, NOW.minus(Duration.ofDays(200)), Duration.ofDays(1));
    insert(101, 20, NOW.minus(Duration.ofDays(2)), Duration.ofDays(1));
    pipeline(lake).run(NOBODY).published().require();
    execute(database, "DELETE FROM usage_summaries", "DELETE FROM usage_publications");
    PublicationSettings months = new PublicationSettings(true, Map.of("hour", Period.ofMonths(3)));
    new Publication(lake, server(), months).run(false, NOW);
    assertThat(count("usage_summaries WHERE grain = 'hour'"))
        .isEqualTo(
            (long)
                TestLake.value(
                    lake, "SELECT count(*) FROM ${hourly} WHERE usage_date > current_date() - 60"));
    assertThat(count("usage_summaries WHERE grain = 'day'"))
        .isEqualTo((long) TestLake.value(lake, "SELECT count(*) FROM ${daily}"));

    Object last = TestLake.value(lake, "SELECT max(hour_start) FROM ${hourly}");
    TestLake.rows(
        lake,
        "UPDATE ${hourly} SET organization_id = 'ACME' WHERE hour_start = TIMESTAMP'%s'"
            .formatted(((Timestamp) last).toInstant()));
    PublicationReport report = publication(lake).run(false, NOW);
    assertThat(report.leftOut())
        .isEqualTo(
            (long)
                TestLake.value(
                    lake, "SELECT count(*) FROM ${hourly} WHERE organization_id = 'ACME'"));
    assertThat(report.deleted()).isEqualTo(report.leftOut());
  }

  @Test
  void anotherLakeAndABusyOrBrokenPostgresAreTold() throws Exception {
    insert(1, 10, NOW.minus(Duration.ofDays(2)), Duration.ofHours(5));
    pipeline(lake).run(NOBODY).published().require();
    execute(
        database,
        "UPDATE usage_publications SET lake = '/elsewhere/' || lake_version, lake_table_id ="
            + " 'other'");
    assertThatThrownBy(() -> publication(lake).run(false, NOW))
        .isInstanceOfSatisfying(
            UserFailure.class, e -> assertThat(e.code()).isEqualTo("TM-PIP-080"))
        .hasMessageContaining("/elsewhere/");
    execute(database, "DELETE FROM usage_publications");
    assertThat(publication(lake).run(false, NOW))
        .as("taken over")
        .isEqualTo(PublicationReport.NONE);

    insert(21, 2, NOW.minus(Duration.ofDays(2)), Duration.ofHours(5));
    execute(database, "ALTER TABLE usage_summaries ADD CONSTRAINT never CHECK (false) NOT VALID");
    RunReport broken = pipeline(lake).run(NOBODY);
    assertThat(broken.rollup().hourly().all()).as("the rollups are done").isPositive();
    assertThatThrownBy(() -> broken.published().require())
        .isInstanceOfSatisfying(
            UserFailure.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PARTIAL));
    execute(database, "ALTER TABLE usage_summaries DROP CONSTRAINT never");
    pipeline(lake).run(NOBODY).published().require();
    assertThat(value(database, WRONG)).as("the next run mends it, with nothing new").isEqualTo("0");

    try (Connection holder = database.connect()) {
      execute(holder, "SELECT pg_advisory_lock(hashtext('tidemark'), 80)");
      Publication impatient = new Publication(lake, server(), settings(), Duration.ofMillis(300));
      assertThatThrownBy(() -> impatient.run(false, NOW))
          .isInstanceOfSatisfying(
              UserFailure.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BUSY));
    }
  }

  /**
   * One publication stands still in the middle, with a version that is no longer the newest when
   * the next one comes: that one waits, and goes on from where the first has come to, whether it is
   * done or its connection has ended.
   */
  @Test
  void ofTwoPublicationsTheSecondFollowsTheFirst() throws Exception {
    insert(1, 20, NOW.minus(Duration.ofDays(3)), Duration.ofDays(2));
    pipeline(lake).run(NOBODY).published().require();
    for (boolean ended : new boolean[] {false, true}) {
      int number = ended ? 201 : 101;
      rollUpOnly(number, 5);
      CompletableFuture<PublicationReport> first;
      CompletableFuture<PublicationReport> second;
      try (Connection reader = database.connect()) {
        execute(reader, "BEGIN", "LOCK TABLE usage_summaries IN SHARE MODE");
        first = CompletableFuture.supplyAsync(() -> publication(lake).run(false, NOW));
        while (value(login.database(), WAITING).equals("0")) {
          Thread.sleep(20);
        }
        rollUpOnly(number + 50, 5);
        second = CompletableFuture.supplyAsync(() -> publication(lake).run(false, NOW));
        if (ended) {
          execute(login.database(), END_WAITING);
        }
        execute(reader, "COMMIT");
      }
      if (ended) {
        assertThatThrownBy(first::join).hasCauseInstanceOf(UserFailure.class);
      } else {
        assertThat(first.join().written()).isPositive();
      }
      assertThat(second.join().written()).isPositive();
      assertThat(value(database, WRONG)).isEqualTo("0");
      assertThat(publication(lake).run(false, NOW)).isEqualTo(PublicationReport.NONE);
    }
  }

  /** More events in the rollups, and not in Postgres. */
  private void rollUpOnly(int first, int count) throws SQLException {
    insert(first, count, NOW.minus(Duration.ofDays(3)), Duration.ofDays(2));
    pipeline(lake, new PublicationSettings(false, Map.of())).run(NOBODY);
  }

  private Pipeline pipeline(Lake into) {
    return pipeline(into, settings());
  }

  private Pipeline pipeline(Lake into, PublicationSettings published) {
    return Pipeline.open(
        TestSpark.session(),
        new PipelineSettings(
            into.path(),
            Optional.empty(),
            Duration.ofHours(24),
            Duration.ZERO,
            Duration.ofMinutes(5),
            published),
        Optional.of(server()));
  }

  private Publication publication(Lake from) {
    return new Publication(from, server(), settings());
  }

  private static PublicationSettings settings() {
    return new PublicationSettings(true, Map.of());
  }

  private PostgresServer server() {
    Database own = login.database();
    return new PostgresServer(own.jdbcUrl(), own.user(), own.password());
  }

  private long count(String from) throws SQLException {
    return Long.parseLong(value(database, "SELECT count(*) FROM " + from));
  }

  private List<String> rows() throws SQLException {
    List<String> rows = new ArrayList<>();
    for (String table :
        column(
            database,
            "SELECT relid::regclass::text FROM pg_partition_tree('usage_summaries') WHERE"
                + " isleaf")) {
      rows.addAll(column(database, ROWS.formatted(table)));
    }
    return rows;
  }

  /** Series of the late events, which lie in one hour. */
  private long lateSeries() throws SQLException {
    return Long.parseLong(
        value(
            database,
            "SELECT count(DISTINCT (user_id, operation, model)) FROM usage_events"
                + " WHERE right(id::text, 12)::bigint > 1000"));
  }

  /** Numbered events, spread evenly over some time; some have no user, operation or latency. */
  private void insert(int first, int count, Instant from, Duration span) throws SQLException {
    execute(
        database,
        """
        INSERT INTO usage_events (id, occurred_at, organization_id, user_id, provider, model, operation,
          status, input_tokens, cached_input_tokens, output_tokens, latency_ms, cost_nano_usd)
        SELECT ('00000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid,
          '%s'::timestamptz + make_interval(secs => %d.0 * (n - %d) / %d),
          '00000000-0000-0000-0000-00000000000a',
          CASE n %% 3 WHEN 0 THEN NULL ELSE '00000000-0000-0000-0000-0000000000b1'::uuid END,
          'openai', 'model "' || n %% 2 || '", small', CASE n %% 5 WHEN 0 THEN NULL ELSE 'chat' END,
          CASE n %% 7 WHEN 0 THEN 'timeout' ELSE 'success' END, n, n / 2, 1,
          CASE n %% 11 WHEN 0 THEN NULL ELSE n * 13 END, n * 1000
        FROM generate_series(%d, %d) AS n
        """
            .formatted(from, span.toSeconds(), first, count, first, first + count - 1));
  }
}
