package dev.tidemark.pipeline;

import static dev.tidemark.migrator.testing.Sql.execute;
import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.testing.PostgresExtension;
import dev.tidemark.pipeline.Pipeline.RunReport;
import dev.tidemark.pipeline.erasure.Subject;
import dev.tidemark.pipeline.failure.PipelineWarning;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.publication.PublicationSettings;
import dev.tidemark.pipeline.quality.QualityRules;
import dev.tidemark.pipeline.quality.TestRules;
import dev.tidemark.pipeline.rollup.Rollup;
import dev.tidemark.pipeline.source.postgres.PostgresServer;
import dev.tidemark.pipeline.status.PipelineStatus;
import dev.tidemark.pipeline.status.StatusReader;
import dev.tidemark.pipeline.status.StatusSettings;
import dev.tidemark.pipeline.testing.Login;
import dev.tidemark.pipeline.testing.TestLake;
import dev.tidemark.pipeline.testing.TestSpark;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two machines, of which the clock of one runs ahead and that of the other is behind. */
class ClockSkewIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final Rollup.Listener NOBODY = (table, partition, done, of) -> {};

  /** More than events may lie ahead of a run's clock. */
  private static final Duration SKEW = Duration.ofHours(30);

  private static final Clock AHEAD = Clock.offset(Clock.systemUTC(), SKEW);
  private static final Clock BEHIND = Clock.offset(Clock.systemUTC(), SKEW.negated());
  private static final String ORGANIZATION = "00000000-0000-0000-0000-00000000000a";
  private static final String ANNA = "00000000-0000-0000-0000-0000000000b1";
  private static final String BERT = "00000000-0000-0000-0000-0000000000b2";

  private static final String RULES =
      "rules = [ { name = volume-usual, anomaly = requests, severity = stop, direction = low } ]";

  @TempDir Path folder;
  private Database database;
  private Login login;
  private Lake lake;
  private int inserted;

  @Test
  void bothGoByTheClockOfPostgres() throws Exception {
    database = POSTGRES.newMigratedDatabase();
    login = Login.of(database, "tidemark_extraction");
    lake = TestLake.create(folder);
    Instant hour = anHourThatLasts(Duration.ofMinutes(5));
    Instant before = hour.minus(2, ChronoUnit.HOURS);
    try {
      for (int week = 1; week <= 6; week++) {
        insert(100, hour.minus(7 * week, ChronoUnit.DAYS), ANNA);
        insert(100, before.minus(7 * week, ChronoUnit.DAYS), BERT);
      }
      aheadSaysNoMoreThanItHasSeen(hour);
      behindLandsWhatIsNewToItsClock(hour, before);
      bothReconcileAndTell();
      behindErasesWhatIsNewToItsClock();
    } finally {
      login.close();
    }
  }

  /** The hour at hand, or the next one where too little is left of it for the test. */
  private static Instant anHourThatLasts(Duration atLeast) throws InterruptedException {
    Instant next = Instant.now().truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
    Duration left = Duration.between(Instant.now(), next);
    if (left.compareTo(atLeast) < 0) {
      Thread.sleep(left.toMillis() + 1);
    }
    return Instant.now().truncatedTo(ChronoUnit.HOURS);
  }

  /** By its clock the hour at hand is over, and has too few events. */
  private void aheadSaysNoMoreThanItHasSeen(Instant hour) throws SQLException {
    insert(3, hour, ANNA);
    Instant begin = Instant.now();

    RunReport run = pipeline(AHEAD).run(NOBODY);

    run.published().require();
    assertThat(run.landing().landed()).isEqualTo(1_203);
    assertThat(run.rollup().held()).isEmpty();
    assertThat(run.dataAsOf()).isBetween(begin.minusMillis(5), Instant.now());
    assertThat(told(run.warnings(), "TM-PIP-139")).matches(".* is 30h.* ahead of that of Postgres");
    assertThat(
            Instant.parse(
                value(
                    database,
                    "SELECT to_char(max(data_as_of) AT TIME ZONE 'UTC',"
                        + " 'YYYY-MM-DD\"T\"HH24:MI:SSZ') FROM usage_summaries")))
        .isBeforeOrEqualTo(Instant.now());
  }

  /** By its clock these events are of the future, and the hours not over. */
  private void behindLandsWhatIsNewToItsClock(Instant hour, Instant before) throws SQLException {
    insert(4, hour, BERT);
    insert(2, before, BERT);
    Instant begin = Instant.now();

    RunReport run = pipeline(BEHIND).run(NOBODY);

    run.published().require();
    assertThat(run.landing().landed()).isEqualTo(6);
    assertThat(run.landing().quarantined()).isZero();
    assertThat(run.rollup().held()).isEqualTo(Map.of(before, List.of("volume-usual")));
    assertThat(run.dataAsOf()).isBetween(begin.minusMillis(5), Instant.now());
    assertThat(told(run.warnings(), "TM-PIP-139"))
        .matches(".* is (30h|29h59m).* behind that of Postgres");
    assertThat(requests(hour)).isEqualTo(7L);

    // The machine ahead changes what the one behind has done, and the other way round.
    insert(98, before, BERT);
    assertThat(pipeline(AHEAD).run(NOBODY).rollup().held()).isEmpty();
    assertThat(Rollup.heldHours(lake)).isEmpty();
    assertThat(requests(before)).isEqualTo(100L);
    insert(1, before, ANNA);
    pipeline(BEHIND).run(NOBODY).published().require();
    assertThat(requests(before)).isEqualTo(101L);
    assertThat(TestLake.value(lake, "SELECT sum(request_count) FROM ${daily}"))
        .isEqualTo((long) inserted);
    assertThat(
            value(database, "SELECT sum(request_count) FROM usage_summaries WHERE grain = 'month'"))
        .isEqualTo(String.valueOf(inserted));
  }

  private void bothReconcileAndTell() {
    for (Clock machine : List.of(AHEAD, BEHIND)) {
      assertThat(pipeline(machine).reconcile(Optional.empty()).agrees()).isTrue();
      StatusSettings settings =
          new StatusSettings(Duration.ofHours(1), Duration.ofDays(7), Duration.ofHours(1));
      PipelineStatus status =
          new StatusReader(lake.clockedBy(machine), settings)
              .read(Optional.of(server()), Optional.empty());
      assertThat(status.dataAsOf().orElseThrow()).isBefore(Instant.now());
      assertThat(status.actions()).extracting(PipelineWarning::code).containsExactly("TM-PIP-139");
    }
    assertThat(
            TestLake.rows(
                    lake,
                    "SELECT data_as_of FROM delta.`"
                        + folder
                        + "/job_runs` WHERE data_as_of IS NOT NULL"
                        + " ORDER BY _metadata.file_modification_time")
                .stream()
                .map(row -> row.<Timestamp>getAs(0).toInstant()))
        .as("in the order of commits")
        .hasSize(4)
        .isSorted();
  }

  private void behindErasesWhatIsNewToItsClock() {
    pipeline(BEHIND).erase(new Subject(ORGANIZATION, Optional.of(ANNA)), Optional.empty(), NOBODY);

    assertThat(TestLake.rows(lake, "SELECT DISTINCT user_id FROM ${events}"))
        .extracting(Row::toString)
        .containsExactly("[" + BERT + "]");
  }

  private static String told(List<PipelineWarning> warnings, String code) {
    return warnings.stream()
        .filter(warning -> warning.code().equals(code))
        .map(PipelineWarning::problem)
        .findFirst()
        .orElse("");
  }

  private Object requests(Instant hour) {
    return TestLake.value(
        lake,
        "SELECT sum(request_count) FROM ${hourly} WHERE hour_start = TIMESTAMP'" + hour + "'");
  }

  private Pipeline pipeline(Clock machine) {
    QualityRules rules = TestRules.of(RULES);
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
            Optional.of(server()))
        .clockedBy(machine);
  }

  private PostgresServer server() {
    Database own = login.database();
    return new PostgresServer(own.jdbcUrl(), own.user(), own.password());
  }

  /** Numbered events from the beginning of an hour on, none of them of the future. */
  private void insert(int count, Instant hour, String user) throws SQLException {
    execute(
        database,
        """
        INSERT INTO usage_events (id, occurred_at, organization_id, user_id, provider, model, operation,
          status, input_tokens, cached_input_tokens, output_tokens, latency_ms, cost_nano_usd)
        SELECT ('00000000-0000-0000-0000-' || lpad((%d + n)::text, 12, '0'))::uuid, '%s', '%s', '%s',
          'openai', 'small', 'chat', 'success', 1, 0, 1, 1, 1
        FROM generate_series(1, %d) AS n
        """
            .formatted(inserted, hour, ORGANIZATION, user, count));
    inserted += count;
  }
}
