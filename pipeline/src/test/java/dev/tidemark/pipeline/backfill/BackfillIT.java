package dev.tidemark.pipeline.backfill;

import static dev.tidemark.migrator.testing.Sql.column;
import static dev.tidemark.migrator.testing.Sql.execute;
import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.migrator.failure.UserFailure;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.testing.PostgresExtension;
import dev.tidemark.pipeline.Pipeline;
import dev.tidemark.pipeline.Pipeline.RunReport;
import dev.tidemark.pipeline.PipelineSettings;
import dev.tidemark.pipeline.backfill.BackfillEvent.Kind;
import dev.tidemark.pipeline.backfill.BackfillRequest.Order;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.publication.PublicationSettings;
import dev.tidemark.pipeline.rollup.Rollup;
import dev.tidemark.pipeline.source.postgres.PostgresServer;
import dev.tidemark.pipeline.sql.SqlResource;
import dev.tidemark.pipeline.testing.Login;
import dev.tidemark.pipeline.testing.TestLake;
import dev.tidemark.pipeline.testing.TestSpark;
import dev.tidemark.pipeline.window.TimeRange;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Events of the days from 26 February to 3 March 2026; what is expected is asked of Postgres. */
class BackfillIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final Rollup.Listener NOBODY = (table, partition, done, of) -> {};
  private static final BackfillEvent.Listener DEAF = event -> {};

  /** Summaries that are not what the events add up to. */
  private static final String WRONG =
      SqlResource.of(BackfillIT.class, "/dev/tidemark/pipeline/publication/wrong-summaries.sql")
          .text();

  /** This machine has other work; whether signals are heard is a test of its own. */
  private static final String DEAF_GOVERNOR =
      """
      backfill { interval = 1h, first-days = 2, most-days = 2 }
      governor {
        share.first = 0.95
        signals {
          canary { throttle-at = null, stop-at = null }
          active-sessions { throttle-at = null, stop-at = null }
          vacuum { throttle-at = null }
        }
      }
      """;

  @TempDir Path folder;
  private Database database;
  private Login login;
  private Lake lake;

  @BeforeEach
  void open() throws Exception {
    database = POSTGRES.newMigratedDatabase();
    login = Login.of(database, "tidemark_extraction");
    lake = TestLake.create(folder);
    insert(1, 600, "2026-02-26T00:00:00Z", Duration.ofDays(6));
  }

  @AfterEach
  void close() throws Exception {
    login.close();
  }

  /**
   * A lake that lost events of days, some of them behind the rollups' back, and a rollup that was
   * tampered with; a backfill that fails in the middle, and one that goes on.
   */
  @Test
  void whatALakeHasLostComesBackAndWhatIsDoneIsNotDoneAgain() throws Exception {
    Pipeline pipeline = pipeline();
    pipeline.run(NOBODY).published().require();
    TestLake.rows(
        lake, "DELETE FROM ${events} WHERE event_date IN (DATE'2026-02-26', DATE'2026-02-27')");
    TestLake.rows(
        lake, "DELETE FROM ${events} WHERE event_date = DATE'2026-03-02' AND input_tokens % 2 = 0");
    lake.usageHourly().mark("hourly:" + lake.usageEvents().id(), lake.usageEvents().version());
    TestLake.rows(
        lake,
        "UPDATE ${hourly} SET output_tokens = 77"
            + " WHERE hour_start = TIMESTAMP'2026-03-01 05:00:00Z'");
    insert(1001, 5, "2026-02-28T06:00:00Z", Duration.ofHours(1));
    BackfillRequest request = request("2026-02-27", "2026-03-04T00:00:00Z");
    String lost =
        value(
            database,
            "SELECT count(*) FROM usage_events WHERE ingested_xid < (SELECT max(ingested_xid) FROM"
                + " usage_events) AND ((occurred_at >= '2026-02-27Z' AND occurred_at <"
                + " '2026-02-28Z') OR (occurred_at >= '2026-03-02Z' AND occurred_at <"
                + " '2026-03-03Z' AND input_tokens % 2 = 0))");

    BackfillPlan plan = pipeline.planBackfill(request, settings(DEAF_GOVERNOR));
    assertThat(plan.chunks())
        .extracting(BackfillPlan.Chunk::days)
        .containsExactly(
            TimeRange.parse("2026-03-02", "2026-03-04"),
            TimeRange.parse("2026-02-28", "2026-03-02"),
            TimeRange.parse("2026-02-27", "2026-02-28"));
    assertThat(plan.firstHistory()).isFalse();
    assertThat(chunks()).isEmpty();

    List<ChunkResult> first = new ArrayList<>();
    BackfillEvent.Listener failing =
        event -> {
          if (event.kind() == Kind.CHUNK_DONE) {
            first.add(event.progress().result());
          } else if (event.kind() == Kind.CHUNK_BEGUN && !first.isEmpty()) {
            throw new IllegalStateException("killed");
          }
        };
    assertThatThrownBy(() -> pipeline.backfill(request, settings(DEAF_GOVERNOR), failing))
        .hasMessage("killed");
    assertThat(chunks()).containsExactly("2026-03-02 2026-03-04");
    assertThat(pipeline.planBackfill(request, settings(DEAF_GOVERNOR)).daysDone()).isEqualTo(2);
    List<Long> versions = TestLake.versions(lake);

    BackfillReport rest = pipeline().backfill(request, settings(DEAF_GOVERNOR), DEAF);
    assertThat(rest.days()).isEqualTo(3);
    assertThat(first.get(0).landed() + rest.result().landed()).isEqualTo(Long.parseLong(lost));
    assertThat(chunks())
        .containsExactly("2026-03-02 2026-03-04", "2026-02-28 2026-03-02", "2026-02-27 2026-02-28");
    assertThat(TestLake.versions(lake)).isNotEqualTo(versions);
    // The 26th is outside of the range: its events are gone, and its hours have not noticed. The
    // five events wait for the next rollup.
    assertThat(landed())
        .isEqualTo(expected("occurred_at >= '2026-02-27Z' AND input_tokens < 1001"));
    assertThat(hourly()).isEqualTo(expected("input_tokens < 1001"));
    assertThat(decisions())
        .containsExactly("go 2", "go 2", "go 2", "go 1")
        .as("the second was decided and not begun");
    assertThat(TestLake.rows(lake, "SELECT signals FROM delta.`" + folder + "/governor_decisions`"))
        .as("what is normal is known before the first chunk")
        .allMatch(row -> row.getString(0).matches("(?s).*canary calm \\d.*"));

    RunReport next = pipeline().run(NOBODY);
    next.published().require();
    assertThat(next.landing().read()).isEqualTo(5);
    pipeline().backfill(request("2026-02-26", "2026-02-27"), settings(DEAF_GOVERNOR), DEAF);
    assertThat(landed()).isEqualTo(expected("true"));
    assertThat(hourly()).isEqualTo(expected("true"));
    assertThat(value(database, WRONG)).isEqualTo("0");
    assertThat(pipeline().reconcile(Optional.empty()).agrees()).isTrue();
  }

  /**
   * A first history in chunks: the watermark stays behind everything until all is landed, and is
   * then exactly the snapshot with which it began, whatever commits late.
   */
  @Test
  void aFirstHistoryIsLandedInChunksAndTheNextRunReadsWhatItDidNotShow() throws Exception {
    execute(database, insertion(2001, 1, "infinity", Duration.ZERO));
    BackfillRequest all = request("2026-02-26", "2026-03-04");
    try (Connection late = database.connect()) {
      late.setAutoCommit(false);
      execute(late, insertion(3001, 2, "2026-02-27T10:00:00Z", Duration.ofHours(1)));

      assertThat(pipeline().planBackfill(all, settings(DEAF_GOVERNOR)).firstHistory()).isTrue();
      BackfillReport part =
          pipeline().backfill(request("2026-03-02", "2026-03-04"), settings(DEAF_GOVERNOR), DEAF);
      assertThat(part.notice().orElseThrow()).contains("next rollup reads all");
      assertThat(part.result().landed()).isEqualTo(200);
      assertThat(watermark()).isEqualTo("3:3:");
      assertThat(pipeline().reconcile(Optional.empty()).agrees()).as("no phantoms").isTrue();

      BackfillEvent.Listener meanwhile =
          event -> {
            try {
              if (event.kind() == Kind.CHUNK_DONE && event.progress().daysDone() == 2) {
                insert(4001, 3, "2026-02-26T10:00:00Z", Duration.ofHours(1));
              } else if (event.kind() == Kind.CHUNK_BEGUN && event.progress().daysDone() == 4) {
                throw new IllegalStateException("killed");
              }
            } catch (SQLException e) {
              throw new AssertionError(e);
            }
          };
      assertThatThrownBy(() -> pipeline().backfill(all, settings(DEAF_GOVERNOR), meanwhile))
          .hasMessage("killed");
      assertThat(watermark()).isEqualTo("3:3:");
      BackfillReport rest = pipeline().backfill(all, settings(DEAF_GOVERNOR), DEAF);
      assertThat(rest.notice()).isEmpty();
      assertThat(rest.days()).isEqualTo(2);
      assertThat(rest.result()).extracting(ChunkResult::landed).isEqualTo(200L);
      assertThat(rest.result().quarantined()).as("the one without a time").isEqualTo(1);
      assertThat(watermark()).isNotEqualTo("3:3:");
      assertThat(landed()).isEqualTo(expected("isfinite(occurred_at) AND input_tokens < 1001"));
      assertThat(hourly()).isEqualTo(landed());
      late.commit();
    }
    RunReport next = pipeline().run(NOBODY);
    next.published().require();
    assertThat(next.landing().read()).as("what the snapshot did not show").isEqualTo(5);
    assertThat(next.landing().landed()).isEqualTo(5);
    assertThat(landed()).isEqualTo(expected("isfinite(occurred_at)"));
    assertThat(hourly()).isEqualTo(landed());
    assertThat(pipeline().reconcile(Optional.empty()).agrees()).isTrue();
  }

  @Test
  void aSourceThatIsNotWellHoldsItWithAReasonAndOneBackfillIsAtWorkAtATime() throws Exception {
    String hold =
        "governor { longest-hold = 2s, look-again = 200ms, signals.oldest-transaction {"
            + " throttle-at = 1ms, stop-at = 1ms } }";
    BackfillRequest request = request("2026-02-26", "2026-02-28");
    List<String> held = new ArrayList<>();
    try (Connection old = database.connect()) {
      old.setAutoCommit(false);
      execute(old, "SET application_name = 'gateway'", "SELECT 1 FROM usage_events");
      // As the owner, to whom Postgres shows what the others do.
      assertFails(
          "TM-PIP-094",
          () ->
              pipeline(database)
                  .backfill(
                      request,
                      settings(hold),
                      event -> {
                        if (event.kind() == Kind.HELD) {
                          held.add(event.words().orElseThrow());
                        }
                      }));
    }
    assertThat(held).hasSizeGreaterThan(3).allMatch(words -> words.contains("oldest-transaction"));
    assertThat(decisions()).containsExactly("hold", "give-up");
    assertThat(chunks()).isEmpty();
    assertThat(
            TestLake.rows(
                lake, "SELECT reason, signals FROM delta.`" + folder + "/governor_decisions`"))
        .allMatch(row -> row.getString(0).contains("oldest-transaction"))
        .allMatch(row -> row.getString(1).contains("oldest-transaction stop"));

    try (Connection other = database.connect()) {
      execute(other, "SELECT pg_advisory_lock(hashtext('tidemark'), 90)");
      assertFails("TM-PIP-092", () -> pipeline().backfill(request, settings(DEAF_GOVERNOR), DEAF));
    }
    assertFails(
        "TM-PIP-091",
        () ->
            pipeline()
                .backfill(request("2025-01-01", "2025-02-01"), settings(DEAF_GOVERNOR), DEAF));
    assertFails(
        "TM-PIP-091",
        () ->
            pipeline().planBackfill(request("2025-01-01", "2025-02-01"), settings(DEAF_GOVERNOR)));
  }

  private static void assertFails(String code, Runnable work) {
    assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(
            UserFailure.class, e -> assertThat(e.code()).as(e.toString()).isEqualTo(code));
  }

  private static BackfillRequest request(String from, String to) {
    return new BackfillRequest(
        TimeRange.parse(from, to), Order.NEWEST_FIRST, Optional.empty(), Optional.empty());
  }

  private static BackfillSettings settings(String hocon) {
    return BackfillSettings.from(Settings.parse(hocon));
  }

  private Pipeline pipeline() {
    return pipeline(login.database());
  }

  private Pipeline pipeline(Database own) {
    return Pipeline.open(
        TestSpark.session(),
        new PipelineSettings(
            lake.path(),
            Optional.empty(),
            Duration.ofHours(24),
            Duration.ZERO,
            Duration.ofMinutes(5),
            new PublicationSettings(true, Map.of())),
        Optional.of(new PostgresServer(own.jdbcUrl(), own.user(), own.password())));
  }

  private List<String> chunks() {
    return texts(
        "SELECT concat_ws(' ', date(chunk_start), date(chunk_end)) FROM delta.`%s/backfill_chunks`"
            + " ORDER BY ended_at");
  }

  private List<String> decisions() {
    return texts(
        "SELECT concat_ws(' ', action, chunk_days) FROM delta.`%s/governor_decisions`"
            + " ORDER BY decided_at");
  }

  /** Hours with the number of their events and tokens. */
  private List<String> landed() {
    return texts(
        "SELECT concat_ws(' ', unix_seconds(date_trunc('hour', occurred_at)), count(*),"
            + " sum(input_tokens)) FROM delta.`%s/usage_events` GROUP BY"
            + " date_trunc('hour', occurred_at) ORDER BY date_trunc('hour', occurred_at)");
  }

  private List<String> hourly() {
    return texts(
        "SELECT concat_ws(' ', unix_seconds(hour_start), sum(request_count), sum(input_tokens))"
            + " FROM delta.`%s/usage_hourly` WHERE output_tokens = request_count GROUP BY"
            + " hour_start ORDER BY hour_start");
  }

  private List<String> expected(String condition) throws SQLException {
    return column(
        database,
        "SELECT concat_ws(' ', extract(epoch FROM date_trunc('hour', occurred_at))::bigint,"
            + " count(*), sum(input_tokens)) FROM usage_events WHERE "
            + condition
            + " GROUP BY date_trunc('hour', occurred_at) ORDER BY date_trunc('hour', occurred_at)");
  }

  private String watermark() throws SQLException {
    return value(database, "SELECT snapshot FROM extraction_watermarks");
  }

  private List<String> texts(String sql) {
    List<String> texts = new ArrayList<>();
    for (Row row : TestLake.rows(lake, sql.formatted(folder))) {
      texts.add(row.getString(0));
    }
    return texts;
  }

  private void insert(int first, int count, String from, Duration span) throws SQLException {
    execute(database, insertion(first, count, from, span));
  }

  /** Numbered events, spread evenly over some time; each has its number as tokens. */
  private static String insertion(int first, int count, String from, Duration span) {
    return """
    INSERT INTO usage_events (id, occurred_at, organization_id, user_id, provider, model, status,
      input_tokens, output_tokens, latency_ms)
    SELECT ('00000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid,
      '%s'::timestamptz + make_interval(secs => %d.0 * (n - %d) / %d),
      '00000000-0000-0000-0000-00000000000a',
      CASE n %% 3 WHEN 0 THEN NULL ELSE '00000000-0000-0000-0000-0000000000b1'::uuid END,
      'openai', 'small', 'success', n, 1, n
    FROM generate_series(%d, %d) AS n
    """
        .formatted(from, span.toSeconds(), first, count, first, first + count - 1);
  }
}
