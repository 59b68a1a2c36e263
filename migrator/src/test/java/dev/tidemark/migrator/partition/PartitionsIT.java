package dev.tidemark.migrator.partition;

import static dev.tidemark.migrator.testing.Sql.column;
import static dev.tidemark.migrator.testing.Sql.execute;
import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.operation.OperationLock;
import dev.tidemark.migrator.operation.OperationObserver;
import dev.tidemark.migrator.partition.PartitionStep.Action;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.testing.AuditHistory;
import dev.tidemark.migrator.testing.PostgresExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionsIT {
  private static final String ORGANIZATION = "11111111-1111-1111-1111-111111111111";

  private static final String EVENT =
      "INSERT INTO usage_events (occurred_at, organization_id, provider, model, status,"
          + " input_tokens, output_tokens) VALUES ('%s', gen_random_uuid(), 'p', 'm', 'success', 3,"
          + " 4)";

  private static final String METERED =
      "INSERT INTO metering_events (occurred_at, organization_id, metering_kind_code, quantity)"
          + " VALUES ('%s', gen_random_uuid(), 'api_call', 1)";

  /** Publishes what a consumer would that has landed all that is visible now. */
  private static final String PUBLISH =
      "INSERT INTO extraction_watermarks (consumer, lake, landed_version, snapshot, snapshot_xmin,"
          + " token) SELECT '%s', 'file:/lake', 1, s::text, pg_snapshot_xmin(s)::text::bigint,"
          + " gen_random_uuid() FROM pg_current_snapshot() AS s ON CONFLICT (consumer) DO UPDATE"
          + " SET snapshot = excluded.snapshot, snapshot_xmin = excluded.snapshot_xmin";

  private static final String QUICK =
      "migrate { lock-timeout = 200ms, lock-attempts = 2, lock-pause = 10ms }\n";

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private final Database database = POSTGRES.newMigratedDatabase();

  @Test
  void onAFreshSchemaThereIsNothingToDo() {
    assertThat(care("").run().steps()).isEmpty();
  }

  @Test
  void partitionsAreMadeAheadAndOnlyOnce() throws SQLException {
    LocalDate last = LocalDate.now(ZoneOffset.UTC).plusWeeks(30);
    String week =
        "usage_events_"
            + last.minusDays(last.getDayOfWeek().getValue() - 1L)
                .format(DateTimeFormatter.BASIC_ISO_DATE);
    String month = last.format(DateTimeFormatter.ofPattern("uuuuMM"));

    PartitionResult planned = care("partitions.ahead = 30 weeks").plan();
    assertThat(partitions()).doesNotContain(week);
    PartitionResult done = care("partitions.ahead = 30 weeks").run();

    assertThat(done.steps()).isEqualTo(planned.steps());
    assertThat(done.steps()).allMatch(step -> step.action() == Action.CREATED);
    assertThat(partitions())
        .contains(
            week,
            "audit_log_entries_" + month,
            "metering_events_" + month,
            "usage_summaries_hour_" + month,
            "usage_summaries_day_" + month,
            "usage_summaries_month_" + month);
    assertThat(care("partitions.ahead = 30 weeks").run().steps()).isEmpty();
    assertGuarded();
  }

  @Test
  void rowsMoveFromTheDefaultPartitionToTheirOwn() throws SQLException {
    execute(
        database,
        EVENT.formatted("2026-02-03 04:05Z"),
        EVENT.formatted("2026-02-08 23:59:59.999999Z"),
        EVENT.formatted("2026-02-09Z"),
        METERED.formatted("2026-02-03Z"));
    List<String> stamps = column(database, "SELECT ingested_xid FROM usage_events ORDER BY 1");

    assertThat(care("").plan().steps())
        .extracting(PartitionStep::partition, PartitionStep::rows)
        .containsExactly(
            tuple("usage_events_20260202", 2L),
            tuple("usage_events_20260209", 1L),
            tuple("metering_events_202602", 1L));
    assertThat(care("").run().steps())
        .isEqualTo(
            List.of(
                new PartitionStep("usage_events", "usage_events_20260202", Action.CREATED, 2, ""),
                new PartitionStep("usage_events", "usage_events_20260209", Action.CREATED, 1, ""),
                new PartitionStep(
                    "metering_events", "metering_events_202602", Action.CREATED, 1, "")));

    assertThat(value(database, "SELECT count(*) FROM usage_events_20260202")).isEqualTo("2");
    assertThat(value(database, "SELECT count(*) FROM metering_events_202602")).isEqualTo("1");
    assertThat(column(database, "SELECT ingested_xid FROM usage_events ORDER BY 1"))
        .isEqualTo(stamps);
    assertGuarded();
  }

  @Test
  void rowsOfNoSensibleTimeStayWhereTheyAre() throws SQLException {
    execute(
        database,
        EVENT.formatted("infinity"),
        EVENT.formatted("4713-01-01 BC"),
        EVENT.formatted("1999-12-31 23:59Z"),
        EVENT.formatted("2999-01-01Z"));

    assertThat(care("").run().steps())
        .containsExactly(
            new PartitionStep(
                "usage_events",
                "usage_events_default",
                Action.LEFT,
                4,
                "their time is before 2000 or further ahead than partitions are made: look at the"
                    + " sender's clock"));
    assertThat(value(database, "SELECT count(*) FROM usage_events")).isEqualTo("4");
  }

  @Test
  void noRowIsLostWhileAWriterKeepsInserting() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    CompletableFuture<Integer> writer =
        CompletableFuture.supplyAsync(
            () -> {
              int written = 0;
              try (Connection connection = database.connect()) {
                while (!stop.get()) {
                  LocalDate day = LocalDate.of(2026, 1, 1).plusDays(written % 200);
                  execute(connection, EVENT.formatted(day + "Z"), METERED.formatted(day + "Z"));
                  written++;
                }
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
              return written;
            });
    // Retired at once, so that late events meet partitions that come and go.
    execute(database, PUBLISH.formatted("one"));
    for (int i = 0; i < 4; i++) {
      care("partitions.usage-events.retention = 6 months").run();
    }
    stop.set(true);
    int written = writer.get();
    execute(database, PUBLISH.formatted("one"));
    care("").run();

    assertThat(written).isGreaterThan(50);
    assertThat(value(database, "SELECT count(*) FROM metering_events"))
        .isEqualTo(String.valueOf(written));
    assertThat(value(database, "SELECT count(*) FROM ONLY usage_events_default")).isEqualTo("0");
    long rows = Long.parseLong(value(database, "SELECT count(*) FROM usage_events"));
    for (String archived :
        column(
            database,
            "SELECT relname FROM pg_class WHERE relname ~ '^archived_usage_events_\\d+(_\\d+)?$'"
                + " AND relkind = 'r'")) {
      rows += Long.parseLong(value(database, "SELECT count(*) FROM " + archived));
    }
    assertThat(rows).isEqualTo(written);
  }

  @Test
  void aWeekStaysUntilEveryConsumerHasLandedIt() throws SQLException {
    execute(database, EVENT.formatted("2024-02-06Z"));
    String week = "usage_events_20240205";

    assertThat(care("").run().steps())
        .contains(
            kept(
                "usage_events",
                week,
                "no consumer has published a watermark, so that nobody is known to have landed its"
                    + " rows"));

    execute(database, PUBLISH.formatted("quick"), PUBLISH.formatted("slow"));
    execute(database, EVENT.formatted("2024-02-07Z"), PUBLISH.formatted("quick"));
    assertThat(care("").plan().steps())
        .containsExactly(
            kept("usage_events", week, "consumer slow has not landed all of its rows"));
    assertThat(care("").run().steps())
        .containsExactly(
            kept("usage_events", week, "consumer slow has not landed all of its rows"));

    execute(database, PUBLISH.formatted("slow"));
    PartitionResult done = care("").run();
    assertThat(done.steps())
        .containsExactly(new PartitionStep("usage_events", week, Action.DETACHED, 0, ""));
    assertThat(done.busy()).isFalse();
    assertThat(value(database, "SELECT count(*) FROM usage_events")).isEqualTo("0");
    assertThat(value(database, "SELECT count(*) FROM archived_" + week)).isEqualTo("2");
  }

  @Test
  void aTransactionThatWasOpenWhenTheConsumerLookedKeepsItsWeek() throws SQLException {
    execute(
        database, "SELECT create_usage_event_partition('2024-02-05Z')", PUBLISH.formatted("one"));
    try (Connection open = database.connect()) {
      open.setAutoCommit(false);
      execute(open, EVENT.formatted("2024-02-06Z"));
      // A younger one that has ended says nothing about it.
      execute(database, "SELECT pg_current_xact_id()");
      execute(database, PUBLISH.formatted("one"));

      PartitionResult blocked = care(QUICK).run();
      assertThat(blocked.steps())
          .extracting(PartitionStep::partition, PartitionStep::action)
          .containsExactly(tuple("usage_events_20240205", Action.BUSY));
      assertThat(blocked.busy()).isTrue();
      open.commit();
    }
    assertThat(care("").run().steps())
        .containsExactly(
            kept(
                "usage_events",
                "usage_events_20240205",
                "consumer one has not landed all of its rows"));
  }

  @Test
  void aRowThatComesInBetweenTheLookAndTheLockKeepsItsWeek() throws SQLException {
    execute(
        database,
        "SELECT create_usage_event_partition('2024-02-05Z')",
        "SELECT create_usage_event_partition('2024-02-12Z')",
        PUBLISH.formatted("one"));
    PartitionCare care =
        care("")
            .observedBy(
                new Told(
                    line -> {
                      if (line.startsWith("usage_events_20240205")) {
                        execute(database, EVENT.formatted("2024-02-13Z"));
                      }
                    }));

    assertThat(care.run().steps())
        .extracting(PartitionStep::action)
        .containsExactly(Action.DETACHED, Action.KEPT);
  }

  @Test
  void aRowThatIsCommittedWhileTheLockIsWaitedForKeepsItsWeek() throws Exception {
    execute(
        database, "SELECT create_usage_event_partition('2024-02-05Z')", PUBLISH.formatted("one"));
    try (Connection open = database.connect()) {
      open.setAutoCommit(false);
      execute(open, EVENT.formatted("2024-02-06Z"));
      CompletableFuture<PartitionResult> run =
          CompletableFuture.supplyAsync(() -> care("migrate.lock-timeout = 1m").run());
      String waiting =
          "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'"
              + " AND relation = 'usage_events'::regclass";
      for (int i = 0; i < 1500 && value(database, waiting).equals("0"); i++) {
        Thread.sleep(20);
      }
      assertThat(value(database, waiting)).isEqualTo("1");
      open.commit();

      assertThat(run.get(1, TimeUnit.MINUTES).steps())
          .containsExactly(
              kept(
                  "usage_events",
                  "usage_events_20240205",
                  "consumer one has not landed all of its rows"));
    }
  }

  @Test
  void aWatermarkOfAnotherHistoryKeepsEverything() throws SQLException {
    execute(
        database,
        EVENT.formatted("2024-02-06Z"),
        PUBLISH.formatted("one"),
        "UPDATE extraction_watermarks SET snapshot = '999999999:999999999:', snapshot_xmin ="
            + " 999999999");

    assertThat(care("").run().steps())
        .contains(
            kept(
                "usage_events",
                "usage_events_20240205",
                "the watermark of consumer one lies ahead of this server"));
  }

  @Test
  void anArchiveThatIsThereKeepsItsName() throws SQLException {
    for (int i = 0; i < 2; i++) {
      execute(database, EVENT.formatted("2024-02-06Z"), PUBLISH.formatted("one"));
      care("").run();
    }
    assertThat(value(database, "SELECT count(*) FROM archived_usage_events_20240205"))
        .isEqualTo("1");
    assertThat(value(database, "SELECT count(*) FROM archived_usage_events_20240205_2"))
        .isEqualTo("1");
  }

  @Test
  void summariesAreDroppedEachGrainAtItsOwnTime() throws SQLException {
    for (String grain : List.of("hour", "day", "month")) {
      execute(
          database,
          "INSERT INTO usage_summaries (grain, window_start, organization_id, provider, model,"
              + " request_count, error_count, input_tokens, cached_input_tokens, output_tokens,"
              + " cost_nano_usd, data_as_of) VALUES ('%s', '2025-02-01Z', gen_random_uuid(), 'p',"
                  .formatted(grain)
              + " 'm', 1, 0, 1, 0, 1, 1, now())");
    }
    care("").run();

    assertThat(column(database, "SELECT grain FROM usage_summaries ORDER BY 1"))
        .containsExactly("day", "month");
    assertThat(partitions())
        .contains("usage_summaries_day_202502", "usage_summaries_month_202502")
        .doesNotContain("usage_summaries_hour_202502");
  }

  @Test
  void withoutARetentionNothingIsRetired() throws SQLException {
    execute(database, METERED.formatted("2001-02-03Z"));

    care("partitions.metering-events.retention = null").run();

    assertThat(value(database, "SELECT count(*) FROM metering_events_200102")).isEqualTo("1");
  }

  @Test
  void aMonthOfTheAuditLogStaysUntilNoEntryIsKeptAndGoesFromTheStart() throws SQLException {
    audited();
    AuditHistory.turnBack(database, ORGANIZATION, "2024-01-31 22:30Z", "20 years");

    assertThat(care("").run().steps())
        .filteredOn(step -> step.action() == Action.KEPT)
        .hasSize(2)
        .satisfies(
            steps -> {
              assertThat(steps.get(0).partition()).isEqualTo("audit_log_entries_202401");
              assertThat(steps.get(0).reason())
                  .isEqualTo(
                      "audit_log_entries_202401 holds an entry that is to be kept until 2044-01-31"
                          + " 22:30:00+00");
              assertThat(steps.get(1))
                  .isEqualTo(
                      kept(
                          "audit_log_entries",
                          "audit_log_entries_202402",
                          "the older audit_log_entries_202401 stays"));
            });
    assertThat(column(database, "SELECT problem FROM verify_audit_chains()")).isEmpty();
  }

  @Test
  void aMonthOfTheAuditLogThatNobodyNeedsGoesAndTheChainStaysWhole() throws SQLException {
    audited();
    AuditHistory.turnBack(database, ORGANIZATION, "2024-01-31 22:30Z", "1 year");
    care("partitions.audit-log-entries.retention = null").run();
    PartitionResult planned = care("").plan();
    PartitionResult done = care("").run();

    assertThat(done.steps())
        .isEqualTo(planned.steps())
        .containsExactly(
            new PartitionStep(
                "audit_log_entries", "audit_log_entries_202401", Action.DETACHED, 0, ""),
            new PartitionStep(
                "audit_log_entries", "audit_log_entries_202402", Action.DETACHED, 0, ""));
    assertThat(
            column(
                database,
                "SELECT sequence FROM audit_checkpoints WHERE organization_id = '%s' ORDER BY 1"
                    .formatted(ORGANIZATION)))
        .containsExactly("1", "3");
    assertThat(column(database, "SELECT problem FROM verify_audit_chains()")).isEmpty();
    execute(database, "UPDATE organizations SET plan = 'pro'");
    assertThat(column(database, "SELECT problem FROM verify_audit_chains()")).isEmpty();
  }

  @Test
  void aMonthThatWasTamperedWithIsKeptAsEvidence() throws SQLException {
    audited();
    AuditHistory.turnBack(database, ORGANIZATION, "2024-01-01Z", "1 year");
    AuditHistory.unguarded(
        database,
        "DELETE FROM audit_log_entries WHERE sequence = 2 AND organization_id = '%s'"
            .formatted(ORGANIZATION));

    assertThat(care("").run().steps())
        .filteredOn(step -> step.action() == Action.KEPT)
        .extracting(PartitionStep::reason)
        .containsExactly(
            "audit_log_entries_202401 holds a part of the chain of organization %s that cannot be"
                    .formatted(ORGANIZATION)
                + " verified: after entry 1 comes entry 3");
  }

  @Test
  void aSecondRunIsTurnedAwayAndADryOneIsNot() {
    OperationLock lock = OperationLock.take(database);
    try {
      assertThatExceptionOfType(MigratorException.class)
          .isThrownBy(() -> care("").run())
          .satisfies(e -> assertThat(e.code()).isEqualTo("TM-MIG-030"))
          .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BUSY));
      assertThat(care("").plan().steps()).isEmpty();
    } finally {
      lock.close();
    }
  }

  @Test
  void twoRunsAtOnceEndAsOne() throws Exception {
    for (int week = 0; week < 20; week++) {
      execute(database, EVENT.formatted(LocalDate.of(2026, 1, 5).plusWeeks(week) + "Z"));
    }
    CountDownLatch start = new CountDownLatch(1);
    List<CompletableFuture<Boolean>> runs =
        Stream.of(1, 2)
            .map(
                n ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          try {
                            start.await();
                            care("").run();
                            return true;
                          } catch (MigratorException e) {
                            assertThat(e.code()).isEqualTo("TM-MIG-030");
                            return false;
                          } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                          }
                        }))
            .toList();
    start.countDown();

    assertThat(List.of(runs.get(0).get(), runs.get(1).get())).contains(true);
    assertThat(value(database, "SELECT count(*) FROM usage_events")).isEqualTo("20");
    assertThat(value(database, "SELECT count(*) FROM ONLY usage_events_default")).isEqualTo("0");
    assertGuarded();
  }

  @Test
  void whereTheSchemaIsMissingItIsToldWhatToDo() {
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> PartitionCare.open(POSTGRES.newDatabase(), Settings.parse("")).run())
        .satisfies(e -> assertThat(e.code()).isEqualTo("TM-MIG-090"))
        .withMessageContaining("has no table usage_events")
        .withMessageContaining("tidemark migrate apply");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoDoesNotSeeAllTenantsIsTurnedAway(boolean dryRun) throws SQLException {
    String stranger = "partitions_stranger_" + ProcessHandle.current().pid();
    execute(database, "CREATE ROLE %s LOGIN PASSWORD 'x'".formatted(stranger));
    try {
      PartitionCare care =
          PartitionCare.open(new Database(database.jdbcUrl(), stranger, "x"), Settings.parse(""));
      assertThatExceptionOfType(MigratorException.class)
          .isThrownBy(() -> result(care, dryRun))
          .satisfies(e -> assertThat(e.code()).isEqualTo("TM-MIG-072"))
          .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE));
    } finally {
      execute(database, "DROP ROLE " + stranger);
    }
  }

  /** Hears notices; what it does with them may use the database. */
  private record Told(Listener listener) implements OperationObserver {
    private interface Listener {
      void hear(String line) throws SQLException;
    }

    @Override
    public void progress(String line) {
      notice(line);
    }

    @Override
    public void notice(String line) {
      try {
        listener.hear(line);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static PartitionResult result(PartitionCare care, boolean dryRun) {
    return dryRun ? care.plan() : care.run();
  }

  /** Three entries of one organization. */
  private void audited() throws SQLException {
    execute(
        database,
        "INSERT INTO organizations (id, name, slug) VALUES ('%s', 'Harbour', 'harbour')"
            .formatted(ORGANIZATION),
        "UPDATE organizations SET name = 'Harbour Labs'",
        "UPDATE organizations SET name = 'Harbour'");
  }

  private PartitionCare care(String hocon) {
    return PartitionCare.open(database, Settings.parse(hocon));
  }

  private static PartitionStep kept(String table, String partition, String reason) {
    return new PartitionStep(table, partition, Action.KEPT, 0, reason);
  }

  private List<String> partitions() throws SQLException {
    return column(database, "SELECT relname FROM pg_class WHERE relispartition");
  }

  /** No partition is without what guards its table. */
  private void assertGuarded() throws SQLException {
    assertThat(
            column(
                database,
                "SELECT oid::regclass FROM pg_class AS c WHERE relispartition AND relkind IN ('r',"
                    + " 'p') AND NOT (relrowsecurity AND relforcerowsecurity AND (SELECT count(*)"
                    + " FROM pg_policy WHERE polrelid = c.oid) = 2 AND EXISTS (SELECT FROM"
                    + " pg_trigger WHERE tgrelid = c.oid AND tgname = 'refuse_truncate' AND"
                    + " tgenabled = 'A'))"))
        .isEmpty();
    assertThat(
            column(
                database,
                "SELECT tgrelid::regclass FROM pg_trigger AS t JOIN pg_class AS c ON c.oid ="
                    + " tgrelid WHERE relispartition AND tgenabled <> 'A' AND tgname IN"
                    + " ('refuse_change', 'refuse_audit_change', 'stamp_usage_event')"))
        .isEmpty();
  }
}
