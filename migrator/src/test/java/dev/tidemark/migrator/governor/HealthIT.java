package dev.tidemark.migrator.governor;

import static dev.tidemark.migrator.testing.Sql.execute;
import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.testing.PostgresExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class HealthIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static Database database;

  @BeforeAll
  static void makeATable() throws SQLException {
    database = POSTGRES.newDatabase();
    execute(
        database,
        "CREATE TABLE public.things AS SELECT g AS id, repeat('x', 200) AS pad"
            + " FROM generate_series(1, 20000) g",
        "CREATE TABLE public.parts (id int) PARTITION BY RANGE (id)",
        "CREATE TABLE public.parts_all PARTITION OF public.parts DEFAULT",
        "INSERT INTO public.parts SELECT id FROM public.things");
  }

  @Test
  void aQuietServerIsCalmInEveryRespectThatTheRoleMaySee() throws SQLException {
    try (Health health = watch("governor.cores = 1000", "public.things")) {
      Map<String, Reading> readings = read(health);
      assertThat(readings.keySet())
          .containsExactlyInAnyOrder(
              "active-sessions",
              "replication-lag",
              "oldest-transaction",
              "wal-backlog",
              "wal-rate",
              "vacuum",
              "canary");
      assertThat(readings.get("replication-lag").words()).isEqualTo("no replica is connected");
      assertThat(readings.get("vacuum").level()).isEqualTo(Level.CALM);
      assertThat(readings.get("wal-backlog").level()).isEqualTo(Level.CALM);
      assertThat(readings.get("wal-backlog").words()).contains("does not archive");
    }
  }

  @Test
  void sessionsAtWorkAndOldTransactionsAreCountedButNotOurOwn() throws Exception {
    try (Health health =
            watch(
                "governor { cores = 2, signals.active-sessions { throttle-at = 0.5, stop-at = 1 },"
                    + " signals.oldest-transaction { throttle-at = 200ms, stop-at = 1h } }",
                "public.things");
        Connection ours = database.connect();
        Connection first = service();
        Connection second = service()) {
      ours.setAutoCommit(false);
      execute(ours, "SELECT 1");
      Thread.sleep(300);
      assertThat(read(health).get("oldest-transaction").level()).isNotEqualTo(Level.THROTTLE);

      CompletableFuture<Void> one = sleep(first);
      awaitActive(1);
      Reading reading = read(health).get("active-sessions");
      assertThat(reading.level()).isEqualTo(Level.THROTTLE);
      assertThat(reading.value()).isEqualTo(0.5);
      assertThat(reading.words()).isEqualTo("1 sessions are at work on 2 cores");
      CompletableFuture<Void> two = sleep(second);
      awaitActive(2);
      assertThat(read(health).get("active-sessions").level()).isEqualTo(Level.STOP);

      Thread.sleep(300);
      Reading oldest = read(health).get("oldest-transaction");
      assertThat(oldest.level()).isEqualTo(Level.THROTTLE);
      assertThat(oldest.value()).isBetween(0.3, 60.0);
      CompletableFuture.allOf(one, two).get(1, TimeUnit.MINUTES);
    }
  }

  /** What Postgres hides is said to be hidden, with what would help. */
  @Test
  void whatIsHiddenFromAnOrdinaryRoleIsSaidAndNotGuessed() throws Exception {
    String role = "plain_" + database.address().replaceFirst(".*/", "");
    execute(
        database,
        "CREATE ROLE " + role + " LOGIN PASSWORD 'x'",
        "GRANT SELECT ON public.things TO " + role);
    Database plain = new Database(database.jdbcUrl(), role, "x");
    try (Connection service = service();
        Health health =
            Health.watch(
                plain::connect,
                HealthSettings.of(Settings.parse("")),
                Optional.of("public.things"),
                "SELECT 1")) {
      execute(service, "BEGIN; SELECT 1");
      Map<String, Reading> readings = read(health);
      for (String signal : List.of("active-sessions", "oldest-transaction")) {
        assertThat(readings.get(signal).level()).as(signal).isEqualTo(Level.UNKNOWN);
        assertThat(readings.get(signal).words()).contains("hidden from this role", "pg_monitor");
      }
      // A vacuum of somebody else is seen by its lock.
      try (Connection vacuum = service()) {
        execute(vacuum, "SET vacuum_cost_delay = 100; SET vacuum_cost_limit = 1");
        CompletableFuture<Void> work = inBackground(vacuum, "VACUUM public.things");
        await("SELECT count(*) > 0 FROM pg_stat_progress_vacuum WHERE relid = 'things'::regclass");
        Reading reading = read(health).get("vacuum");
        assertThat(reading.level()).isEqualTo(Level.THROTTLE);
        assertThat(reading.words()).isEqualTo("vacuum is at work on public.things");
        execute(
            database,
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE 'VACUUM%'");
        work.handle((done, cancelled) -> null).get(1, TimeUnit.MINUTES);
      }
    } finally {
      execute(database, "REVOKE SELECT ON public.things FROM " + role, "DROP ROLE " + role);
    }
  }

  @Test
  void aVacuumOfAPartitionIsOneOfTheTable() throws Exception {
    try (Health health = watch("", "public.parts");
        Connection vacuum = service()) {
      execute(vacuum, "SET vacuum_cost_delay = 100; SET vacuum_cost_limit = 1");
      CompletableFuture<Void> work = inBackground(vacuum, "VACUUM public.parts_all");
      await("SELECT count(*) > 0 FROM pg_stat_progress_vacuum WHERE relid = 'parts_all'::regclass");
      assertThat(read(health).get("vacuum").level()).isEqualTo(Level.THROTTLE);
      execute(
          database,
          "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE 'VACUUM%'");
      work.handle((done, cancelled) -> null).get(1, TimeUnit.MINUTES);
    }
  }

  @Test
  void theRateOfWriteAheadLogIsMeasuredFromLookToLook() throws Exception {
    try (Health health = watch("governor.signals.wal-rate.throttle-at = 1k", "public.things")) {
      assertThat(read(health).get("wal-rate").value()).isZero();
      long before = position();
      execute(
          database, "CREATE TABLE public.more AS SELECT * FROM public.things", "DROP TABLE more");
      long written = position() - before;
      Thread.sleep(600);
      Reading reading = read(health).get("wal-rate");
      assertThat(reading.level()).isEqualTo(Level.THROTTLE);
      assertThat(reading.value()).isBetween(written / 60.0, written / 0.5);
    }
  }

  @Test
  void theCanaryTellsWhatTheJobDoesToOthers() throws Exception {
    try (Connection lock = service();
        Health health =
            watch(
                "governor.signals.canary { throttle-at = 3, stop-at = 1000, pause = 2ms,"
                    + " query = \"SELECT count(*) FROM (SELECT FROM public.things LIMIT 1) x\" }",
                "public.things")) {
      await(() -> read(health).get("canary").words().contains("times its baseline"));
      health.atWork(true);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      for (int round = 0; read(health).get("canary").level() != Level.THROTTLE; round++) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        // The job stands in everybody's way, longer each time: the baseline of a busy machine is
        // long, too.
        execute(
            lock,
            "BEGIN; LOCK TABLE public.things; SELECT pg_sleep(%s); COMMIT; SELECT pg_sleep(0.01)"
                .formatted(0.05 + 0.01 * round));
      }
      health.atWork(false);
      await(() -> read(health).get("canary").level() == Level.CALM);
    }
  }

  @Test
  void afterLearningWhatIsNormalIsKnown() throws Exception {
    try (Health health = watch("governor.signals.canary.pause = 2ms", "public.things")) {
      health.learn();
      assertThat(read(health).get("canary").words()).contains("times its baseline");
    }
  }

  @Test
  void aCanaryThatFailsIsUnknown() throws Exception {
    try (Health health =
        watch("governor.signals.canary.query = \"SELECT 1 / 0\"", "public.things")) {
      health.learn();
      await(() -> read(health).get("canary").level() == Level.UNKNOWN);
      assertThat(read(health).get("canary").words()).contains("division by zero");
    }
  }

  private static Health watch(String config, String table) throws SQLException {
    return Health.watch(
        database::connect,
        HealthSettings.of(Settings.parse(config)),
        Optional.of(table),
        "SELECT 1");
  }

  private static Map<String, Reading> read(Health health) throws SQLException {
    return health.read().stream().collect(Collectors.toMap(Reading::signal, Function.identity()));
  }

  private static Connection service() throws SQLException {
    Connection connection = database.connect();
    execute(connection, "SET application_name = 'service'");
    return connection;
  }

  private static CompletableFuture<Void> sleep(Connection connection) {
    return inBackground(connection, "SELECT pg_sleep(2)");
  }

  private static CompletableFuture<Void> inBackground(Connection connection, String sql) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            execute(connection, sql);
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static void awaitActive(int count) throws Exception {
    await(
        "SELECT count(*) = %d FROM pg_stat_activity WHERE application_name = 'service' AND state = 'active'"
            .formatted(count));
  }

  private static long position() throws SQLException {
    return Long.parseLong(value(database, "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint"));
  }

  private static void await(String query) throws Exception {
    await(() -> value(database, query).equals("t"));
  }

  private interface Condition {
    boolean holds() throws SQLException;
  }

  private static void await(Condition condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.sleep(20);
    }
  }
}
