package dev.tidemark.pipeline.quality;

import static dev.tidemark.migrator.testing.Sql.column;
import static dev.tidemark.migrator.testing.Sql.execute;
import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.testing.PostgresExtension;
import dev.tidemark.pipeline.Pipeline;
import dev.tidemark.pipeline.Pipeline.RunReport;
import dev.tidemark.pipeline.PipelineSettings;
import dev.tidemark.pipeline.check.CheckReport;
import dev.tidemark.pipeline.check.QualityCheck;
import dev.tidemark.pipeline.failure.PipelineException;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.landing.Landing;
import dev.tidemark.pipeline.landing.Resubmission;
import dev.tidemark.pipeline.landing.ResubmissionReport;
import dev.tidemark.pipeline.publication.PublicationSettings;
import dev.tidemark.pipeline.reconciliation.Comparison;
import dev.tidemark.pipeline.reconciliation.HeldHour;
import dev.tidemark.pipeline.reconciliation.ReconciliationReport;
import dev.tidemark.pipeline.rollup.Rollup;
import dev.tidemark.pipeline.rollup.RollupReport;
import dev.tidemark.pipeline.source.postgres.PostgresServer;
import dev.tidemark.pipeline.status.StatusViews;
import dev.tidemark.pipeline.testing.EventGenerator;
import dev.tidemark.pipeline.testing.ListSource;
import dev.tidemark.pipeline.testing.Login;
import dev.tidemark.pipeline.testing.TestLake;
import dev.tidemark.pipeline.testing.TestSpark;
import dev.tidemark.pipeline.window.Micros;
import dev.tidemark.pipeline.window.TimeRange;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class QualityIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final Rollup.Listener NOBODY = (table, partition, done, of) -> {};
  private static final Instant DAY =
      Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(3));
  private static final Instant TEN = DAY.plus(Duration.ofHours(10));
  private static final Instant ELEVEN = DAY.plus(Duration.ofHours(11));
  private static final Instant TWELVE = DAY.plus(Duration.ofHours(12));

  private static final String RULES =
      """
      rules = [
        { name = cost-plausible, event = "cost_nano_usd <= 1000", severity = quarantine }
        { name = ratio, event = "100 / output_tokens > 0", severity = quarantine }
        { name = quick, event = "latency_ms < 5000", severity = warn }
        { name = calm, hour = "error_rate < 0.5", severity = stop }
        { name = model-known, event = "model IN ('m')", severity = stop }
      ]
      """;

  @TempDir Path folder;
  private Lake lake;
  private Database database;
  private Login login;
  private int inserted;

  /** One lake from the first landing to the last: each part goes on where the one before ended. */
  @Test
  void badEventsAreRefusedAndBadHoursHeldUntilTheyAreReleasedOrTheRuleIsMended() throws Exception {
    database = POSTGRES.newMigratedDatabase();
    login = Login.of(database, "tidemark_extraction");
    lake = TestLake.create(folder);
    try {
      QualityRules rules = RulesFile.parse("test", RULES);
      refusedWarnedAndHeld(rules);
      nothingNewStartsNoSparkJob(rules);
      whatWasPublishedStaysAndAReleasedHourIsPublished(rules);
      QualityRules mended =
          RulesFile.parse(
              "test",
              RULES
                  .replace("<= 1000", "<= 9000")
                  .replace("< 0.5", "< 0.9")
                  .replace("'m'", "'m', 'x'"));
      aMendedRulePublishesWithoutArrivals(mended);
      whatIsSubmittedAgainLandsOrStays(mended);
      withoutRulesEverythingIsAsItWouldAlwaysHaveBeen();
    } finally {
      login.close();
    }
  }

  private void refusedWarnedAndHeld(QualityRules rules) throws SQLException {
    insert(10, TEN, "success", 7, 1, "m", 20);
    insert(1, TEN, "success", 7, 1, "m", 9_000); // slow: told
    insert(2, TEN, "success", 7, 1, "m", null); // not measured: no breach
    insert(1, TEN, "success", 5_000, 1, "m", 20); // dear: refused
    insert(1, TEN, "success", 7, 0, "m", 20); // makes a rule fail: refused
    insert(1, ELEVEN, "success", 7, 1, "m", 20);
    insert(3, ELEVEN, "timeout", 7, 1, "m", 20); // failing: held
    insert(3, TWELVE, "success", 7, 1, "m", 20);
    insert(1, TWELVE, "success", 7, 1, "x", 20); // of an unknown model: held

    RunReport run = pipeline(rules).run(NOBODY);
    run.published().require();

    assertThat(run.landing().quarantined()).isEqualTo(2);
    assertThat(TestLake.rows(lake, "SELECT rule FROM ${quarantined} ORDER BY rule"))
        .extracting(row -> row.getString(0))
        .containsExactly("cost-plausible", "ratio");
    assertThat(run.rollup().held())
        .isEqualTo(Map.of(ELEVEN, List.of("calm"), TWELVE, List.of("model-known")));
    assertThat(run.rollup().differences()).isEmpty();
    assertThat(run.broken())
        .extracting(verdict -> verdict.windowStart() + " " + verdict.rule())
        .containsExactlyInAnyOrder(TEN + " quick", ELEVEN + " calm", TWELVE + " model-known");
    assertThatThrownBy(run::requireNothingStopped)
        .isInstanceOfSatisfying(
            PipelineException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo("TM-PIP-110");
              assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED);
              assertThat(failure).hasMessageContainingAll("2 hours", ELEVEN.toString(), "calm");
            });
    assertThat(hours()).containsExactly(TEN + " 13");
    assertThat(summaries("hour")).containsExactly(TEN + " 13");
    assertThat(summaries("day")).containsExactly(DAY + " 13");

    ReconciliationReport report = pipeline(rules).reconcile(Optional.empty());
    assertThat(report.agrees()).isTrue();
    assertThat(report.held())
        .containsExactly(
            new HeldHour(ELEVEN, List.of("calm"), 4, 0),
            new HeldHour(TWELVE, List.of("model-known"), 4, 0));
    assertThat(report.checks())
        .containsEntry(Comparison.SOURCE_LANDED, new ReconciliationReport.Check(3, 21, 0))
        .containsEntry(Comparison.LANDED_HOURLY, new ReconciliationReport.Check(1, 13, 0))
        .containsEntry(Comparison.HOURLY_DAILY, new ReconciliationReport.Check(1, 13, 0));
    assertThat(
            rows(
                "SELECT window_start, expected, actual FROM delta.`%s/reconciliation_results`"
                    + " WHERE comparison = 'held' AND measure = 'requests' ORDER BY 1"))
        .containsExactly(ELEVEN + " 4 null", TWELVE + " 4 null");
    // All events came within a minute; of the day's 21, readers see 13.
    assertThat(status())
        .containsExactly(
            "day " + DAY + " published null 0.619",
            "hour " + TEN + " published null 1.000",
            "hour " + ELEVEN + " held calm 0.000",
            "hour " + TWELVE + " held model-known 0.000");
    assertThat(
            rows(
                "SELECT rule, outcome, CAST(observed AS BIGINT), window_start FROM"
                    + " delta.`%s/quality_results` WHERE outcome <> 'passed' ORDER BY 1, 4"))
        .containsExactly(
            "calm failed 1 " + ELEVEN,
            "cost-plausible failed 1 null",
            "model-known failed 1 " + TWELVE,
            "quick failed 1 " + TEN,
            "ratio failed 1 null");
  }

  private void nothingNewStartsNoSparkJob(QualityRules rules) throws Exception {
    List<Long> versions = TestLake.versions(lake);
    int[] jobs = {0};
    SparkListener counter =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart start) {
            jobs[0]++;
          }
        };
    TestSpark.session().sparkContext().addSparkListener(counter);
    try {
      RollupReport report = new Rollup(lake, "nothing", NOBODY, rules).run();
      report.requireNothingHeld();
      TestSpark.session().sparkContext().listenerBus().waitUntilEmpty();
    } finally {
      TestSpark.session().sparkContext().removeSparkListener(counter);
    }
    assertThat(jobs[0]).isZero();
    assertThat(TestLake.versions(lake)).isEqualTo(versions);
  }

  private void whatWasPublishedStaysAndAReleasedHourIsPublished(QualityRules rules)
      throws SQLException {
    QualityCheck check = QualityCheck.open(lake, rules);
    assertThatThrownBy(() -> check.release(TEN, "no reason", "somebody"))
        .isInstanceOfSatisfying(
            PipelineException.class, failure -> assertThat(failure.code()).isEqualTo("TM-PIP-112"));
    assertThat(check.release(ELEVEN, "a provider was down", "somebody")).containsExactly("calm");
    insert(20, TEN, "timeout", 7, 1, "m", 20); // late, and makes a published hour a bad one

    CheckReport checked =
        check.run(Optional.of(new TimeRange(Micros.of(TEN), Micros.of(TWELVE) + 1)), Instant.now());
    assertThat(checked.passes()).isFalse();
    assertThat(checked.held()).isEqualTo(Map.of(TWELVE, List.of("model-known")));
    assertThat(checked.released()).containsExactly(ELEVEN);
    assertThat(checked.verdicts())
        .filteredOn(verdict -> verdict.outcome() != Outcome.PASSED)
        .extracting(
            verdict -> verdict.windowStart() + " " + verdict.rule() + " " + verdict.outcome())
        .containsExactlyInAnyOrder(
            TEN + " quick FAILED", ELEVEN + " calm RELEASED", TWELVE + " model-known FAILED");

    RunReport run = pipeline(rules).run(NOBODY);
    run.published().require();

    assertThat(run.rollup().held().get(TEN)).containsExactly("calm");
    assertThat(hours()).containsExactly(TEN + " 13", ELEVEN + " 4");
    assertThat(summaries("hour")).containsExactly(TEN + " 13", ELEVEN + " 4");
    assertThat(
            rows(
                "SELECT sum(request_count), sum(error_count), sum(input_tokens), sum(cost_nano_usd)"
                    + " FROM delta.`%s/usage_hourly` WHERE hour_start = TIMESTAMP'"
                    + ELEVEN
                    + "'"))
        .containsExactly(
            value(
                database,
                "SELECT concat_ws(' ', count(*), count(*) FILTER (WHERE status <> 'success'),"
                    + " sum(input_tokens), sum(cost_nano_usd)) FROM usage_events"
                    + " WHERE date_trunc('hour', occurred_at) = '%s'".formatted(ELEVEN)));
    assertThat(rows("SELECT rule, reason, released_by FROM delta.`%s/window_releases`"))
        .containsExactly("calm a provider was down somebody");
    assertThat(Rollup.heldHours(lake).keySet()).containsExactly(TEN, TWELVE);
    assertThat(pipeline(rules).reconcile(Optional.empty()).held())
        .containsExactly(
            new HeldHour(TEN, List.of("calm"), 33, 13),
            new HeldHour(TWELVE, List.of("model-known"), 4, 0));
  }

  private void aMendedRulePublishesWithoutArrivals(QualityRules mended) throws SQLException {
    RunReport run = pipeline(mended).run(NOBODY);
    run.requireNothingStopped();
    run.published().require();

    assertThat(run.landing().read()).isZero();
    assertThat(hours()).containsExactly(TEN + " 33", ELEVEN + " 4", TWELVE + " 4");
    assertThat(summaries("day")).containsExactly(DAY + " 41");
    assertThat(Rollup.heldHours(lake)).isEmpty();
  }

  private void whatIsSubmittedAgainLandsOrStays(QualityRules mended) throws SQLException {
    ResubmissionReport report =
        pipeline(mended).resubmit(new Resubmission.Selection(Optional.empty(), List.of()));

    assertThat(report.submitted()).isEqualTo(2);
    assertThat(report.found()).isEqualTo(2);
    assertThat(report.accepted()).isEqualTo(1);
    assertThat(report.landing().landed()).isEqualTo(1);
    assertThat(report.refusedAgain()).isEqualTo(1);
    assertThat(report.refusedOtherwise()).isZero();
    assertThat(TestLake.rows(lake, "SELECT rule FROM ${quarantined}"))
        .extracting(row -> row.getString(0))
        .containsExactly("ratio");
    pipeline(mended).run(NOBODY).published().require();
    assertThat(hours()).startsWith(TEN + " 34");
    ReconciliationReport reconciled = pipeline(mended).reconcile(Optional.empty());
    assertThat(reconciled.agrees()).isTrue();
    assertThat(reconciled.checks())
        .as("what landed is compared again, what is refused is not")
        .containsEntry(Comparison.SOURCE_LANDED, new ReconciliationReport.Check(3, 42, 0));
  }

  private void withoutRulesEverythingIsAsItWouldAlwaysHaveBeen() throws SQLException {
    Pipeline plain = pipeline(QualityRules.NONE);
    assertThat(
            plain.resubmit(new Resubmission.Selection(Optional.of("ratio"), List.of())).accepted())
        .isEqualTo(1);
    RunReport run = plain.run(NOBODY);
    run.published().require();
    assertThat(TestLake.value(lake, "SELECT count(*) FROM ${quarantined}")).isEqualTo(0L);
    assertThat(hours())
        .containsExactlyElementsOf(
            column(
                database,
                "SELECT to_char(date_trunc('hour', occurred_at) AT TIME ZONE 'UTC',"
                    + " 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') || ' ' || count(*) FROM usage_events"
                    + " GROUP BY date_trunc('hour', occurred_at) ORDER BY 1"));
  }

  /** Against the past of a lake: a week with twenty times the requests, and one with none. */
  @Test
  void anHourUnlikeItsPastIsHeldAndOneWithoutEventsIsFoundByACheck() {
    lake = TestLake.create(folder);
    QualityRules rules =
        RulesFile.parse(
            "test",
            """
            rules = [
              { name = volume, anomaly = requests, severity = stop }
              { name = fresh, freshness = 3h, severity = warn }
            ]
            """);
    ListSource source = new ListSource("list");
    for (int week = 2; week <= 5; week++) {
      source.deliver(EventGenerator.alike(TEN.minus(Duration.ofDays(7L * week)), 20));
    }
    land(source, rules);
    new Rollup(lake, "past", NOBODY, rules).run().requireNothingHeld();
    land(source.deliver(EventGenerator.alike(TEN, 400)), rules);

    RollupReport report = new Rollup(lake, "now", NOBODY, rules).run();

    assertThat(report.held()).isEqualTo(Map.of(TEN, List.of("volume")));
    Verdict verdict = report.failed().get(0);
    assertThat(verdict.observed()).isEqualTo(400);
    assertThat(verdict.expected()).isEqualTo(20);
    Instant absent = TEN.minus(Duration.ofDays(7));
    CheckReport checked =
        QualityCheck.open(lake, rules)
            .run(
                Optional.of(
                    new TimeRange(Micros.of(absent), Micros.of(absent.plus(Duration.ofHours(2))))),
                Instant.now());
    assertThat(checked.verdicts())
        .extracting(each -> each.rule() + " " + each.windowStart() + " " + each.outcome())
        .containsExactly(
            "volume " + absent + " FAILED",
            "volume " + absent.plus(Duration.ofHours(1)) + " UNKNOWN",
            "fresh null FAILED");
    assertThat(checked.passes()).isFalse();
  }

  private void land(ListSource source, QualityRules rules) {
    new Landing(lake, Duration.ofHours(24), "test", rules).land(source);
  }

  private List<String> hours() {
    return TestLake.rows(
            lake,
            "SELECT hour_start, sum(request_count) FROM ${hourly} GROUP BY hour_start ORDER BY 1")
        .stream()
        .map(row -> row.getTimestamp(0).toInstant() + " " + row.getLong(1))
        .toList();
  }

  private List<String> summaries(String grain) throws SQLException {
    return column(
        database,
        ("SELECT to_char(window_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') || ' '"
                + " || sum(request_count) FROM usage_summaries WHERE grain = '%s'"
                + " GROUP BY window_start ORDER BY 1")
            .formatted(grain));
  }

  private List<String> status() {
    for (String table : List.of("window_revisions", "job_runs")) {
      lake.table(table).read().createOrReplaceTempView(table);
    }
    StatusViews.register(lake.spark());
    return rows(
        "SELECT grain, window_start, state, held_by, format_number(completeness, 3)"
            + " FROM window_status ORDER BY 1, 2");
  }

  /** Rows of a query in which {@code %s} is the lake, as words. */
  private List<String> rows(String sql) {
    return lake.spark().sql(sql.replace("%s", folder.toString())).collectAsList().stream()
        .map(QualityIT::words)
        .toList();
  }

  private static String words(Row row) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < row.length(); i++) {
      Object value = row.get(i);
      words
          .append(i == 0 ? "" : " ")
          .append(value instanceof java.sql.Timestamp time ? time.toInstant() : value);
    }
    return words.toString();
  }

  private Pipeline pipeline(QualityRules rules) {
    Database own = login.database();
    return Pipeline.open(
        TestSpark.session(),
        new PipelineSettings(
            lake.path(),
            Optional.empty(),
            Duration.ofHours(24),
            Duration.ZERO,
            Duration.ofMinutes(5),
            new PublicationSettings(true, Map.of()),
            rules),
        Optional.of(new PostgresServer(own.jdbcUrl(), own.user(), own.password())));
  }

  private void insert(
      int count,
      Instant hour,
      String status,
      long cost,
      long outputTokens,
      String model,
      Integer latency)
      throws SQLException {
    execute(
        database,
        """
        INSERT INTO usage_events (id, occurred_at, received_at, organization_id, provider, model, status,
          input_tokens, output_tokens, latency_ms, cost_nano_usd)
        SELECT gen_random_uuid(), at, at + interval '30 seconds', '00000000-0000-0000-0000-00000000000a',
          'openai', '%s', '%s', n, %d, %s, %d
        FROM (
          SELECT n, '%s'::timestamptz + make_interval(secs => n) AS at FROM generate_series(%d, %d) AS n
        ) AS numbered
        """
            .formatted(
                model, status, outputTokens, latency, cost, hour, inserted, inserted + count - 1));
    inserted += count;
  }
}
