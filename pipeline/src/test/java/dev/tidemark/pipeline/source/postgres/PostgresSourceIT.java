package dev.tidemark.pipeline.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.UserFailure;
import dev.tidemark.migrator.operation.ApplyOptions;
import dev.tidemark.migrator.operation.Migrator;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.postgres.LocalServer;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.testing.PostgresExtension;
import dev.tidemark.migrator.testing.Sql;
import dev.tidemark.migrator.testing.TestServers;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.landing.Landing;
import dev.tidemark.pipeline.landing.LandingReport;
import dev.tidemark.pipeline.source.LandingInput;
import dev.tidemark.pipeline.source.PendingEvents;
import dev.tidemark.pipeline.source.SourceProgress;
import dev.tidemark.pipeline.source.SourceProgress.SnapshotLanding;
import dev.tidemark.pipeline.testing.Login;
import dev.tidemark.pipeline.testing.TestLake;
import dev.tidemark.pipeline.testing.TestSpark;
import java.io.StringReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** Events are numbered: the number is the last part of the id. */
@Timeout(120)
class PostgresSourceIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  /** In a partition of its own week. */
  private static final String RECENT =
      Instant.now().truncatedTo(ChronoUnit.HOURS).minus(1, ChronoUnit.HOURS).toString();

  /** In the default partition. */
  private static final String OLD = "2020-05-05T10:00:00Z";

  private static final String COLUMNS =
      "id, occurred_at, organization_id, provider, model, status, input_tokens, output_tokens";

  @TempDir Path folder;

  /**
   * EX-1: the watermark is a snapshot. The late transaction has an older xid and an older
   * received_at than what has been read before it commits.
   */
  @Test
  void whatCommitsLateIsReadByTheNextRunAndHoldsNobodyUp() throws Exception {
    Database database = POSTGRES.newMigratedDatabase();
    Consumer consumer = new Consumer(database);
    try (Connection late = database.connect();
        Connection later = database.connect()) {
      late.setAutoCommit(false);
      later.setAutoCommit(false);
      insert(late, RECENT, 1);
      insert(database, RECENT, 2);
      assertThat(consumer.take()).containsExactly(2);

      insert(later, OLD, 3);
      insert(database, RECENT, 4);
      assertThat(consumer.take()).containsExactly(4);

      late.commit();
      assertThat(consumer.take()).containsExactly(1);

      insert(database, RECENT, 5);
      later.commit();
      assertThat(consumer.take()).containsExactly(3, 5);
      assertThat(consumer.take()).isEmpty();
    }
  }

  /** EX-1: who holds a bound that does not move is named, in whatever database of the server. */
  @Test
  void whoHoldsATransactionOpenForLongIsTold() throws Exception {
    Database database = POSTGRES.newMigratedDatabase();
    Database elsewhere = POSTGRES.newDatabase();
    String prepared = "held " + database.address().replaceAll(".*/", "");
    try (Login login = Login.of(database, "tidemark_extraction");
        Connection late = database.connect();
        Connection far = elsewhere.connect();
        Connection preparing = database.connect()) {
      late.setAutoCommit(false);
      far.setAutoCommit(false);
      insert(late, RECENT, 1);
      Sql.execute(far, "SELECT pg_current_xact_id()");
      Sql.execute(
          preparing, "BEGIN", insertion(RECENT, 2), "PREPARE TRANSACTION '" + prepared + "'");
      List<String> holders =
          List.of(
              "session " + Sql.value(late, "SELECT pg_backend_pid()") + " of ",
              "session " + Sql.value(far, "SELECT pg_backend_pid()") + " of ",
              "the prepared transaction '" + prepared + "' of ");

      Consumer patient = new Consumer(database, Duration.ofHours(1));
      insert(database, RECENT, 3);
      assertThat(patient.take()).containsExactly(3);
      assertThat(patient.source.warnings()).isEmpty();

      Consumer owner = new Consumer(database, Duration.ofMillis(1));
      assertThat(owner.take()).containsExactly(3);
      assertThat(held(owner, holders)).containsExactly("since", "since", "since");

      // To a role with few rights Postgres does not show since when a session is at it.
      Consumer reader = new Consumer(login.database(), Duration.ofMillis(1));
      assertThat(reader.take()).containsExactly(3);
      assertThat(held(reader, holders)).containsExactly("not told", "not told", "since");
      insert(database, RECENT, 4);
      assertThat(reader.source.waiting(reader.progress())).hasValue(1);
      assertThat(held(reader, holders))
          .containsExactly("since or longer", "since or longer", "since");

      late.rollback();
      far.rollback();
      assertThat(reader.take()).containsExactly(4);
      assertThat(held(reader, holders)).containsExactly("not told", "not told", "since");
      assertThat(reader.source.waiting(reader.progress())).hasValue(0);
    } finally {
      Sql.execute(database, "ROLLBACK PREPARED '" + prepared + "'");
    }
  }

  private static List<String> held(Consumer consumer, List<String> holders) {
    return holders.stream()
        .map(
            holder ->
                consumer.source.warnings().stream()
                    .filter(warning -> warning.code().equals("TM-PIP-121"))
                    .filter(warning -> warning.reason().startsWith(holder))
                    .map(w -> w.problem().endsWith(" or longer") ? "since or longer" : "since")
                    .findFirst()
                    .orElse("not told"))
        .toList();
  }

  /** EX-2: all readers share one snapshot, and hold nobody up who attaches a partition. */
  @Test
  void whatChangesBetweenLookingAndReadingIsLeftToTheNextRun() throws Exception {
    Database database = POSTGRES.newMigratedDatabase();
    Consumer consumer = new Consumer(database);
    insert(database, OLD, 1, 2);
    insert(database, RECENT, 3);

    List<Integer> first;
    try (PendingEvents pending = consumer.pending().orElseThrow()) {
      CompletableFuture<Void> move = attachOldWeek(database);
      insert(database, RECENT, 4);
      first = consumer.take(pending);
      move.get(20, TimeUnit.SECONDS);
    }
    insert(database, OLD, 5);

    assertThat(first).containsExactly(1, 2, 3);
    assertThat(consumer.take()).containsExactly(4, 5);
    assertThat(consumer.take()).isEmpty();
  }

  /** EX-2: the same in a run that goes on from an earlier one. */
  @Test
  void rowsThatMoveWhileTheyWaitAreReadOnce() throws Exception {
    Database database = POSTGRES.newMigratedDatabase();
    Consumer consumer = new Consumer(database);
    insert(database, RECENT, 1);
    assertThat(consumer.take()).containsExactly(1);
    insert(database, OLD, 2, 3);

    List<Integer> second;
    try (PendingEvents pending = consumer.pending().orElseThrow()) {
      CompletableFuture<Void> move = attachOldWeek(database);
      second = consumer.take(pending);
      move.get(20, TimeUnit.SECONDS);
    }

    assertThat(second).containsExactly(2, 3);
    assertThat(consumer.take()).isEmpty();
  }

  /** EX-3: the stamp cannot be forged or missed, whatever way a row comes in. */
  @Test
  void everyWayToWriteARowIsReadOnce() throws Exception {
    Database database = POSTGRES.newMigratedDatabase();
    Consumer consumer = new Consumer(database);
    insert(database, RECENT, 1);
    assertThat(consumer.take()).containsExactly(1);

    try (Connection connection = database.connect()) {
      Sql.execute(
          connection,
          "INSERT INTO usage_events (" + COLUMNS + ", ingested_xid) VALUES " + row(2, RECENT, "3"),
          // Postgres has no COPY FROM under row-level security; a superuser's is not under it.
          "ALTER TABLE usage_events NO FORCE ROW LEVEL SECURITY");
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn(
              "COPY usage_events (" + COLUMNS + ", ingested_xid) FROM STDIN (FORMAT csv)",
              new StringReader(row(3, RECENT, "3").replaceAll("[()' ]", "")));
      Sql.execute(
          connection,
          "ALTER TABLE usage_events FORCE ROW LEVEL SECURITY",
          insertion(RECENT, 1, 4) + " ON CONFLICT DO NOTHING",
          "BEGIN",
          insertion(RECENT, 6),
          "PREPARE TRANSACTION '" + database.address().replaceAll(".*/", "") + "'",
          insertion(OLD, 5));
      assertThat(consumer.take()).containsExactly(2, 3, 4, 5);

      Sql.execute(connection, "COMMIT PREPARED '" + database.address().replaceAll(".*/", "") + "'");
      assertThat(consumer.take()).containsExactly(6);

      Sql.execute(
          connection,
          "CREATE TABLE old_week (LIKE usage_events INCLUDING DEFAULTS INCLUDING CONSTRAINTS)",
          "INSERT INTO old_week (" + COLUMNS + ", ingested_xid) VALUES " + row(7, OLD, "3"),
          "SELECT attach_usage_event_partition('old_week', '2020-05-04Z', '2020-05-11Z')");
      assertThat(consumer.take()).containsExactly(7);
      assertThat(consumer.take()).isEmpty();
    }
  }

  /** EX-4: a token that is gone tells that the server lost history. */
  @Test
  void withoutItsTokenARunGoesBackToTheNewestThatBothKnow() throws Exception {
    Database database = POSTGRES.newMigratedDatabase();
    Consumer consumer = new Consumer(database);
    insert(database, RECENT, 1);
    assertThat(consumer.take()).containsExactly(1);
    insert(database, RECENT, 2);
    assertThat(consumer.take()).containsExactly(2);
    insert(database, RECENT, 3);

    Sql.execute(
        database,
        "DELETE FROM extraction_tokens WHERE token = '" + consumer.last().input().token() + "'");
    assertThat(consumer.take()).containsExactly(2, 3);
    assertThat(consumer.last().epoch()).isEqualTo(1);
    assertThat(consumer.last().version()).isEqualTo(1);

    Sql.execute(database, "DELETE FROM extraction_tokens");
    assertThat(consumer.take()).containsExactly(1, 2, 3);
    assertThat(consumer.last().epoch()).isEqualTo(2);
    assertThat(consumer.take()).isEmpty();
  }

  /** EX-4: transaction numbers that lie ahead of the server are of another history. */
  @Test
  void whereTheServersHorizonWentBackEverythingIsReadAgain() throws Exception {
    Database database = POSTGRES.newMigratedDatabase();
    Consumer consumer = new Consumer(database);
    insert(database, RECENT, 1);
    consumer.take();
    insert(database, RECENT, 2);
    consumer.take();
    consumer.pretendLastSnapshot("900000000000:900000000000:");
    insert(database, RECENT, 3);

    assertThat(consumer.take()).containsExactly(2, 3);
    assertThat(consumer.last().epoch()).isEqualTo(1);
  }

  /** EX-4: the data directory is put back, and the same transaction numbers are used again. */
  @Test
  void afterARestoreOfTheServerItsNewHistoryIsLandedToo() throws Exception {
    Path folder = TestServers.newFolder();
    Path backup = TestServers.newFolder();
    LocalServer server = TestServers.server(folder, TestServers.CARELESS);
    server.start();
    try {
      Migrator.open(server.database(), Settings.parse("")).apply(ApplyOptions.all());
      Lake lake = TestLake.create(this.folder);
      insert(server.database(), RECENT, 1);
      land(lake, server.database());
      server.stop(LocalServer.StopMode.FAST);
      TestServers.copy(server.dataFolder(), backup.resolve("data"));
      server.start();
      insert(server.database(), RECENT, 2);
      insert(server.database(), RECENT, 3);
      land(lake, server.database());

      server.stop(LocalServer.StopMode.FAST);
      TestServers.delete(server.dataFolder());
      TestServers.copy(backup.resolve("data"), server.dataFolder());
      server.start();
      insert(server.database(), RECENT, 2);
      insert(server.database(), RECENT, 4);
      LandingReport report = land(lake, server.database());

      assertThat(report.landed()).isEqualTo(1);
      assertThat(landed(lake)).containsExactly(1, 2, 3, 4);
      String name = PostgresSource.open(TestSpark.session(), reader(server.database())).name();
      assertThat(lake.usageEvents().transactions(name))
          .isEqualTo(Map.of(name + ":0", 2L, name + ":1", 1L));
    } finally {
      server.stop(LocalServer.StopMode.IMMEDIATE);
      TestServers.delete(folder);
      TestServers.delete(backup);
    }
  }

  /**
   * EX-4: the power fails while commits are not on the disk yet. The token, which is, comes after
   * everything that was read, so that what was landed is there too; what was not is gone, and its
   * transaction numbers are used again.
   */
  @Test
  void aCrashThatLosesAsynchronousCommitsLosesNothingThatWasLanded() throws Exception {
    Path folder = TestServers.newFolder();
    LocalServer server =
        TestServers.server(folder, Map.of("synchronous_commit", "off", "wal_writer_delay", "10s"));
    server.start();
    try {
      Migrator.open(server.database(), Settings.parse("")).apply(ApplyOptions.all());
      Lake lake = TestLake.create(this.folder);
      stopWalWriter(server);
      insert(server.database(), RECENT, 1);
      land(lake, server.database());
      insert(server.database(), RECENT, 2);

      server.stop(LocalServer.StopMode.IMMEDIATE);
      server.start();
      assertThat(inPostgres(server)).as("landed, and so on the disk").containsExactly(1);
      insert(server.database(), RECENT, 3);
      LandingReport report = land(lake, server.database());

      assertThat(report.landed()).isEqualTo(1);
      assertThat(landed(lake)).containsExactly(1, 3);
      String name = PostgresSource.open(TestSpark.session(), reader(server.database())).name();
      assertThat(lake.usageEvents().transactions(name)).isEqualTo(Map.of(name + ":0", 2L));
    } finally {
      server.stop(LocalServer.StopMode.IMMEDIATE);
      TestServers.delete(folder);
    }
  }

  /** Who else brings asynchronous commits to the disk, whenever it likes. */
  private static void stopWalWriter(LocalServer server) throws Exception {
    String pid =
        Sql.value(
            server.asSuperuser("postgres"),
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'");
    assertThat(new ProcessBuilder("kill", "-STOP", pid).start().waitFor()).isZero();
  }

  /**
   * EX-4: the rows of a dump, restored elsewhere, have new transactions and are the same events.
   */
  @Test
  void anotherServerWithTheSameRowsIsReadWholeAndLandsWhatIsNew() throws Exception {
    Database old = POSTGRES.newMigratedDatabase();
    Path folder = TestServers.newFolder();
    LocalServer server = TestServers.server(folder, TestServers.CARELESS);
    server.start();
    try {
      Lake lake = TestLake.create(this.folder);
      insert(old, OLD, 1);
      insert(old, RECENT, 2);
      land(lake, old);
      insert(old, RECENT, 3);

      Migrator.open(server.database(), Settings.parse("")).apply(ApplyOptions.all());
      for (String row : Sql.column(old, "SELECT quote_literal(e::text) FROM usage_events AS e")) {
        Sql.execute(
            server.database(), "INSERT INTO usage_events SELECT (" + row + "::usage_events).*");
      }
      LandingReport report = land(lake, server.database());

      assertThat(report)
          .extracting(LandingReport::landed, LandingReport::duplicates)
          .containsExactly(1L, 2L);
      assertThat(landed(lake)).containsExactly(1, 2, 3);
      assertThat(lake.usageEvents().transactions("postgres:")).as("two sources").hasSize(2);
    } finally {
      server.stop(LocalServer.StopMode.IMMEDIATE);
      TestServers.delete(folder);
    }
  }

  private static List<Integer> inPostgres(LocalServer server) throws SQLException {
    return Sql.column(server.database(), "SELECT right(id::text, 12) FROM usage_events ORDER BY 1")
        .stream()
        .map(Integer::valueOf)
        .toList();
  }

  /** EX-5: a missing right is an error and not fewer rows. */
  @Test
  void aUserFromWhomRowsAreHiddenIsToldSoAndReadsNothing() throws Exception {
    Database database = POSTGRES.newMigratedDatabase();
    Consumer owner = new Consumer(database);
    insert(database, OLD, 1);
    insert(database, RECENT, 2);
    try (Login stranger = Login.of(database, "tidemark_analytics")) {
      Sql.execute(database, "GRANT SELECT ON usage_events TO " + stranger.name());
      Consumer consumer = new Consumer(stranger.database());
      assertFailure(
          consumer::take,
          "TM-PIP-008",
          "row-level security of usage_events",
          "GRANT tidemark_extraction TO " + stranger.name());

      Sql.execute(database, "GRANT tidemark_extraction TO " + stranger.name());
      assertThat(consumer.take()).containsExactly(1, 2);
      insert(database, RECENT, 3);
      assertThat(consumer.take()).containsExactly(3);
      consumer.source.publish(consumer.progress());
      assertThat(Sql.column(database, "SELECT consumer FROM extraction_watermarks")).hasSize(1);

      Sql.execute(database, "DROP POLICY across_tenants ON usage_events_default");
      insert(database, RECENT, 4);
      assertFailure(consumer::take, "TM-PIP-008", "row-level security of usage_events_default");
    }
    assertFailure(owner::take, "TM-PIP-008", "row-level security of usage_events_default");
  }

  /** EX-5: a policy that takes rows away counts, whatever others give. */
  @Test
  void aRestrictivePolicyIsNotPassedOver() throws Exception {
    Database database = POSTGRES.newMigratedDatabase();
    insert(database, OLD, 1);
    Sql.execute(
        database, "CREATE POLICY fewer ON usage_events AS RESTRICTIVE USING (input_tokens > 99)");

    assertFailure(new Consumer(database)::take, "TM-PIP-008", "row-level security of usage_events");
  }

  @Test
  void everyColumnArrivesAsItIsInPostgres() throws Exception {
    Database database = POSTGRES.newMigratedDatabase();
    Sql.execute(
        database,
        "INSERT INTO usage_events SELECT gen_random_uuid(), t, now() - interval '1.000001 s',"
            + " gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),"
            + " 'Anbieter', 'größtes Modell 漢字 🌊', '', 'rate_limited', 429, 9007199254740993, 77,"
            + " 12, 2147483647, 0, 9223372036854775807"
            + " FROM unnest(ARRAY['2026-11-01 12:00:00.123456Z', '1969-12-31 23:59:59.999999Z',"
            + " '0001-01-01 00:00:00Z', '2024-02-29 23:59:59.999999Z']::timestamptz[]) AS t",
        insertion("infinity", 1),
        insertion("-infinity", 2),
        insertion(RECENT, 3));

    try (PendingEvents pending = new Consumer(database).pending().orElseThrow()) {
      List<String> rows =
          pending
              .rows()
              .selectExpr(
                  "event_id",
                  "unix_micros(occurred_at)",
                  "unix_micros(received_at)",
                  "organization_id",
                  "workspace_id",
                  "user_id",
                  "api_key_id",
                  "provider",
                  "model",
                  "operation",
                  "status",
                  "input_tokens",
                  "cached_input_tokens",
                  "output_tokens",
                  "latency_ms",
                  "time_to_first_token_ms",
                  "cost_nano_usd",
                  "source_name",
                  "arrival_order",
                  "raw_record",
                  "read_failure")
              .collectAsList()
              .stream()
              .map(row -> row.mkString("|"))
              .toList();

      assertThat(rows)
          .containsExactlyInAnyOrderElementsOf(
              Sql.column(
                  database,
                  "SELECT array_to_string(ARRAY[id::text, CASE WHEN isfinite(occurred_at) THEN"
                      + " trunc(extract(epoch FROM occurred_at) * 1000000)::text END,"
                      + " trunc(extract(epoch FROM received_at) * 1000000)::text,"
                      + " organization_id::text, workspace_id::text, user_id::text,"
                      + " api_key_id::text, provider, model, operation, status, input_tokens::text,"
                      + " cached_input_tokens::text, output_tokens::text, latency_ms::text,"
                      + " time_to_first_token_ms::text, cost_nano_usd::text, 'usage_events',"
                      + " ingested_xid::text, NULL, CASE WHEN NOT isfinite(occurred_at) THEN"
                      + " 'occurred-at-infinite' END], '|', 'null') FROM usage_events"));
    }
  }

  @Test
  void theWatermarkIsPublishedAndARunWithNothingNewClaimsNothing() throws Exception {
    Database database = POSTGRES.newMigratedDatabase();
    Lake lake = TestLake.create(folder);
    insert(database, RECENT, 1, 2);
    insert(database, "infinity", 3);

    LandingReport report = land(lake, database);

    assertThat(report).isEqualTo(new LandingReport(3, 2, 0, 1, lake.usageEvents().version()));
    assertThat(TestLake.value(lake, "SELECT rule FROM ${quarantined}"))
        .isEqualTo("occurred-at-infinite");
    Row ledger = lake.landings().read().select("snapshot", "token").first();
    String snapshot = ledger.getString(0);
    String watermark =
        "SELECT concat_ws(' ', consumer, lake, landed_version, snapshot, snapshot_xmin, token)"
            + " FROM extraction_watermarks";
    String published =
        String.join(
            " ",
            lake.usageEvents().id(),
            folder.toString(),
            "" + report.version(),
            snapshot,
            snapshot.substring(0, snapshot.indexOf(':')),
            ledger.getString(1));
    assertThat(Sql.column(database, watermark)).containsExactly(published);

    long landings = lake.landings().version();
    LandingReport nothing = land(lake, database);

    assertThat(nothing).isEqualTo(new LandingReport(0, 0, 0, 0, report.version()));
    assertThat(lake.usageEvents().version()).isEqualTo(report.version());
    assertThat(lake.landings().version()).isEqualTo(landings);
    assertThat(Sql.column(database, watermark)).containsExactly(published);
    assertThat(Sql.value(database, "SELECT count(*) FROM extraction_tokens")).isEqualTo("1");
  }

  @Test
  void aDatabaseThatCannotBeReachedIsTold() {
    Database database = POSTGRES.newDatabase();
    String url = database.jdbcUrl();

    assertFailure(
        () -> open(new PostgresServer(url.replaceAll(":\\d+/", ":1/"), "u", "p")),
        "127.0.0.1:1",
        "that the server runs");
    assertFailure(
        () -> open(new PostgresServer(url, database.user(), "wrong")), "database.password");
    assertFailure(
        () ->
            open(
                new PostgresServer(
                    database.named("no_such_database").jdbcUrl(),
                    database.user(),
                    database.password())),
        "no_such_database",
        "the database's name");
    assertFailure(new Consumer(database)::pending, "usage_events", "tidemark migrate apply");
  }

  private static void assertFailure(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .satisfies(
            thrown -> {
              Throwable cause = thrown;
              while (cause != null && !(cause instanceof UserFailure)) {
                cause = cause.getCause();
              }
              assertThat(cause).isInstanceOf(UserFailure.class).hasMessageContainingAll(parts);
              assertThat(((UserFailure) cause).exitCode()).isEqualTo(ExitCode.UNREACHABLE);
              assertThat(ExitCode.UNREACHABLE.number()).isEqualTo(4);
            });
  }

  private static PostgresSource open(PostgresServer server) {
    return PostgresSource.open(TestSpark.session(), server);
  }

  private static PostgresServer reader(Database database) {
    return new PostgresServer(database.jdbcUrl(), database.user(), database.password());
  }

  private static LandingReport land(Lake lake, Database database) {
    return new Landing(lake, Duration.ofDays(1), "test").land(open(reader(database)));
  }

  private static List<Integer> landed(Lake lake) {
    return numbers(lake.usageEvents().read().select("event_id").collectAsList());
  }

  private static List<Integer> numbers(List<Row> ids) {
    return ids.stream()
        .map(row -> Integer.valueOf(row.getString(0).substring(24)))
        .sorted()
        .toList();
  }

  /** Moves the old rows out of the default partition; done when it is done or waits for a lock. */
  private static CompletableFuture<Void> attachOldWeek(Database database) throws Exception {
    CompletableFuture<Void> move =
        CompletableFuture.runAsync(
            () -> {
              try {
                Sql.execute(
                    database,
                    "CREATE TABLE old_week (LIKE usage_events INCLUDING DEFAULTS INCLUDING"
                        + " CONSTRAINTS)",
                    "SELECT attach_usage_event_partition('old_week', '2020-05-04Z',"
                        + " '2020-05-11Z')");
              } catch (SQLException e) {
                throw new AssertionError(e);
              }
            });
    String waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND wait_event_type = 'Lock' AND query LIKE 'SELECT attach%'";
    while (!move.isDone() && Sql.value(database, waiting).equals("0")) {
      Thread.sleep(20);
    }
    return move;
  }

  private static void insert(Database database, String occurredAt, int... numbers)
      throws SQLException {
    Sql.execute(database, insertion(occurredAt, numbers));
  }

  private static void insert(Connection connection, String occurredAt, int... numbers)
      throws SQLException {
    Sql.execute(connection, insertion(occurredAt, numbers));
  }

  private static String insertion(String occurredAt, int... numbers) {
    return Arrays.stream(numbers)
        .mapToObj(number -> row(number, occurredAt))
        .collect(
            Collectors.joining(", ", "INSERT INTO usage_events (" + COLUMNS + ") VALUES ", ""));
  }

  private static String row(int number, String occurredAt, String... more) {
    String rest = Arrays.stream(more).map(value -> ", " + value).collect(Collectors.joining());
    return "('00000000-0000-0000-0000-%012d', '%s', '%s', 'openai', 'small', 'success', 10, 1%s)"
        .formatted(number, occurredAt, "00000000-0000-0000-0000-00000000000a", rest);
  }

  /** Reads as the landing does, and remembers its landings in place of a lake. */
  private static final class Consumer {
    private final PostgresSource source;
    private final List<SnapshotLanding> landings = new ArrayList<>();

    private Consumer(Database database) {
      this(database, Duration.ZERO);
    }

    private Consumer(Database database, Duration longestTransaction) {
      this.source = PostgresSource.open(TestSpark.session(), reader(database), longestTransaction);
    }

    private Optional<PendingEvents> pending() {
      return source.pending(progress());
    }

    /** The numbers of the events that waited, in order; they count as landed. */
    private List<Integer> take() {
      Optional<PendingEvents> waiting = pending();
      if (waiting.isEmpty()) {
        return List.of();
      }
      try (PendingEvents pending = waiting.get()) {
        return take(pending);
      }
    }

    private List<Integer> take(PendingEvents pending) {
      List<Integer> numbers = numbers(pending.rows().select("event_id").collectAsList());
      long version = landings.stream().filter(l -> l.epoch() == pending.epoch()).count() + 1;
      for (LandingInput input : pending.claim()) {
        landings.add(new SnapshotLanding(pending.epoch(), version, (LandingInput.Snapshot) input));
      }
      return numbers;
    }

    private SnapshotLanding last() {
      return landings.get(landings.size() - 1);
    }

    private void pretendLastSnapshot(String snapshot) {
      SnapshotLanding last = landings.remove(landings.size() - 1);
      landings.add(
          new SnapshotLanding(
              last.epoch(),
              last.version(),
              new LandingInput.Snapshot(snapshot, last.input().token())));
    }

    private SourceProgress progress() {
      long epoch = landings.isEmpty() ? 0 : last().epoch();
      Map<Long, Long> versions = landings.isEmpty() ? Map.of() : Map.of(epoch, last().version());
      return new SourceProgress(
          "lake", "table", landings.size(), epoch, versions, landings, List.of(), "");
    }
  }
}
