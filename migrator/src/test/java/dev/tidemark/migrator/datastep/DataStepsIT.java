package dev.tidemark.migrator.datastep;

import static dev.tidemark.migrator.testing.Sql.column;
import static dev.tidemark.migrator.testing.Sql.execute;
import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.typesafe.config.Config;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.lint.LintResult;
import dev.tidemark.migrator.operation.ApplyOptions;
import dev.tidemark.migrator.operation.Migrator;
import dev.tidemark.migrator.operation.RollbackOptions;
import dev.tidemark.migrator.operation.StatusResult;
import dev.tidemark.migrator.operation.StatusResult.Entry;
import dev.tidemark.migrator.operation.StatusResult.State;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.rehearsal.DryRunResult;
import dev.tidemark.migrator.rehearsal.Rehearsal;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.smoke.Smoke;
import dev.tidemark.migrator.smoke.SmokeResult;
import dev.tidemark.migrator.state.FailureState;
import dev.tidemark.migrator.state.Resolution;
import dev.tidemark.migrator.testing.MigrateProcess;
import dev.tidemark.migrator.testing.PostgresExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows count how often they were changed, so that once is more than "done". */
class DataStepsIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String TABLES = "202601010000";
  private static final String VERSION = "202601010001";
  private static final String ONCE =
      "UPDATE items SET n = n + 1 WHERE id BETWEEN ${from} AND ${to}";

  private static Database database;

  @TempDir Path folder;

  @BeforeAll
  static void makeTheDatabase() {
    database = POSTGRES.newDatabase();
  }

  @BeforeEach
  void emptyTheDatabase() throws Exception {
    awaitNobody();
    execute(
        database,
        "DROP SCHEMA IF EXISTS tidemark CASCADE",
        "DROP SCHEMA public CASCADE",
        "CREATE SCHEMA public");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "bigint | 3 * g",
        "integer | g - 2000",
        "uuid | md5(g::text)::uuid",
        "text | concat(chr(39), chr(92), chr(228), md5(g::text), ' ${x} $1 ?')",
        "varchar(50) | md5(g::text)",
        "timestamptz | '2026-03-29'::timestamptz + g * interval '1.000001 s'",
        "date | '2000-01-01'::date + g",
        // Several rows with one key are never torn apart.
        "smallint | g % 37"
      })
  void everyRowIsChangedOnceWhateverItsKey(String type, String expression) throws Exception {
    boolean unique = !type.equals("smallint");
    table(type + " NOT NULL" + (unique ? " PRIMARY KEY" : ""), expression, 4_000);
    execute(database, "CREATE INDEX items_by_id ON items (id)");
    step("batch = 300", ONCE);
    Migrator migrator = migrator("governor.share { first = 0.95, most = 0.95 }");

    assertThat(migrator.apply(ApplyOptions.all()).steps()).hasSize(1);

    changedOnce(4_000);
    assertThat(value(database, "SELECT rows_changed FROM tidemark.data_steps")).isEqualTo("4000");
    assertThat(value(database, "SELECT batches BETWEEN 2 AND 14 FROM tidemark.data_steps"))
        .isEqualTo("t");
    assertThat(
            column(
                database,
                "SELECT statement_number || ' ' || outcome || ' ' || affected_rows"
                    + " FROM tidemark.journal WHERE script = 'data'"))
        .containsExactly("1 done 4000");
    assertThat(migrator.status().dataSteps()).isEmpty();
    assertThat(entry(migrator).state()).isEqualTo(State.APPLIED);
  }

  /** SIGKILL at random moments, beside a writer whose longest stall is printed. */
  @ParameterizedTest(name = "seed {0}")
  @CsvSource({"1"})
  void killedInTheMiddleItGoesOnWhereItStood(long seed) throws Exception {
    int rows = 60_000;
    table("bigint PRIMARY KEY", "g", rows);
    step("batch = 500", ONCE);
    // Slow rows, so that there is a middle.
    execute(
        database,
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
            + " $$ BEGIN IF new.id % 20 = 0 THEN PERFORM pg_sleep(0.001); END IF; RETURN new; END $$",
        "CREATE TRIGGER slow BEFORE UPDATE OF n ON items FOR EACH ROW EXECUTE FUNCTION slow()");
    Config config = config("governor.interval = 200ms");
    Random random = new Random(seed);
    int kills = 0;
    try (Writer writer = new Writer(rows)) {
      for (int third = 0; third < 3; third++) {
        long point = walked() + 1 + random.nextInt(rows / 5);
        MigrateProcess process = MigrateProcess.start(folder, config, "apply");
        while (process.process().isAlive() && walked() < point) {
          Thread.sleep(5);
        }
        process.kill();
        awaitNobody();
        if (walked() < rows) {
          kills++;
          Entry entry = entry(migrator(""));
          assertThat(entry.state()).isEqualTo(State.FAILED);
          assertThat(entry.finding().orElseThrow().state())
              .isEqualTo(FailureState.STOPPED_IN_DATA_STEP);
          assertThat(entry.finding().orElseThrow().resumable()).isTrue();
          assertThat(entry.finding().orElseThrow().detail())
              .contains("was interrupted at", "data step fill:");
          // What is said to be walked was changed once, and nothing else.
          assertThat(value(database, "SELECT sum(n) || ' ' || max(n) FROM items"))
              .isEqualTo(walked() + " 1");
        }
      }
      assertThat(kills).as("killed in the middle").isPositive();
      int exit;
      do {
        exit = MigrateProcess.run(folder, config, "apply");
      } while (exit == ExitCode.BUSY.number());
      assertThat(exit).isZero();
      System.out.println(writer);
    }
    changedOnce(rows);
    assertThat(value(database, "SELECT count(*) > 1 FROM tidemark.journal WHERE script = 'data'"))
        .isEqualTo("t");
  }

  @Test
  void aBudgetStopsItAndTheNextApplyGoesOnOrARollbackForgetsIt() throws Exception {
    table("bigint PRIMARY KEY", "g", 20_000);
    step(
        "batch = 200",
        "UPDATE items SET n = n + 1 FROM pg_sleep(0.05) WHERE id BETWEEN ${from} AND ${to}");
    String little = "migrate.data-step-budget = 300ms, governor.share { first = 0.9 }";
    stops(migrator(little), "TM-MIG-142", ExitCode.PARTIAL, "data-step-budget", "% (");

    Entry entry = entry(migrator(""));
    assertThat(entry.finding().orElseThrow().state()).isEqualTo(FailureState.STOPPED_IN_DATA_STEP);
    assertThat(entry.finding().orElseThrow().detail()).contains("stopped at", "data step fill: ");
    assertThat(value(database, "SELECT count(*) FROM tidemark.flags")).isEqualTo("0");
    DataStepProgress progress = migrator("").status().dataSteps().get(0);
    assertThat(progress.rowsWalked()).isBetween(200L, 19_800L);
    assertThat(progress.percent().orElseThrow()).isBetween(1, 99);
    long walked = walked();
    stops(migrator(little), "TM-MIG-142", ExitCode.PARTIAL);
    assertThat(walked()).isGreaterThan(walked);
    assertThat(value(database, "SELECT sum(n) || ' ' || max(n) FROM items"))
        .isEqualTo(walked() + " 1");

    migrator("").rollback(new RollbackOptions.Last(1));
    assertThat(value(database, "SELECT sum(n) FROM items")).isEqualTo("0");
    assertThat(value(database, "SELECT count(*) FROM tidemark.data_steps")).isEqualTo("0");
    assertThat(entry(migrator("")).finding().orElseThrow().state())
        .isEqualTo(FailureState.ROLLED_BACK);

    migrator("").resolve(VERSION, Resolution.RETRY, "now it may take its time");
    migrator("governor.share { first = 0.95 }").apply(ApplyOptions.all());
    changedOnce(20_000);
    migrator("").rollback(new RollbackOptions.Last(1));
    migrator("governor.share { first = 0.95 }").apply(ApplyOptions.all());
    changedOnce(20_000);
  }

  @Test
  void aLockThatIsHeldIsWaitedForInBoundsAndItsHolderNamed() throws Exception {
    table("bigint PRIMARY KEY", "g", 2_000);
    step("batch = 500", ONCE);
    String patience = "migrate { lock-timeout = 100ms, lock-attempts = 3, lock-pause = 20ms }";
    try (Connection holder = database.connect()) {
      holder.setAutoCommit(false);
      execute(holder, "SET application_name = 'nightly-report'");
      execute(holder, "UPDATE items SET n = n WHERE id = 1500");
      stops(migrator(patience), "TM-MIG-031", ExitCode.BUSY, "nightly-report");
      assertThat(walked()).isBetween(500L, 1_499L);
      assertThat(value(database, "SELECT count(*) FROM tidemark.flags")).isEqualTo("0");

      CompletableFuture<Void> applied =
          CompletableFuture.runAsync(
              () -> migrator("migrate.lock-timeout = 100ms").apply(ApplyOptions.all()));
      Thread.sleep(1_000);
      holder.rollback();
      applied.get(1, TimeUnit.MINUTES);
    }
    changedOnce(2_000);
  }

  @Test
  void aBatchThatTakesTooLongIsTriedAgainWithFewerKeys() throws Exception {
    table("bigint PRIMARY KEY", "g", 1_600);
    step(
        "batch = 800",
        "UPDATE items SET n = n + 1 WHERE id BETWEEN ${from} AND ${to}"
            + " AND pg_sleep(0.002) IS NOT NULL");
    migrator("migrate.statement-timeout = 1s, governor.share { first = 0.95 }")
        .apply(ApplyOptions.all());

    changedOnce(1_600);
    assertThat(value(database, "SELECT batch_size BETWEEN 100 AND 400 FROM tidemark.data_steps"))
        .isEqualTo("t");
    assertThat(value(database, "SELECT count(*) FROM tidemark.flags")).isEqualTo("0");
  }

  @Test
  void aSignalThatSaysStopHoldsItAndTwoAreNeverAtWorkAtOnce() throws Exception {
    table("bigint PRIMARY KEY", "g", 5_000);
    step("batch = 200", ONCE);
    String strict =
        "governor { signals.oldest-transaction { throttle-at = 300ms, stop-at = 300ms },"
            + " look-again = 100ms, longest-hold = ";
    try (Connection holder = database.connect()) {
      holder.setAutoCommit(false);
      execute(holder, "SET application_name = 'nightly-report'");
      execute(holder, "SELECT 1");
      Thread.sleep(400);
      stops(migrator(strict + "500ms }"), "TM-MIG-142", ExitCode.PARTIAL, "held too long");
      assertThat(value(database, "SELECT sum(n) FROM items")).isEqualTo("0");

      CompletableFuture<Void> applied =
          CompletableFuture.runAsync(() -> migrator(strict + "5m }").apply(ApplyOptions.all()));
      await("SELECT held_ms > 900 AND share = 0 FROM tidemark.data_steps");
      assertThat(migrator("").status().dataSteps().get(0).slowedBy().orElseThrow())
          .contains("oldest-transaction: a transaction has been open for");
      assertThat(entry(migrator("")).state()).isEqualTo(State.RUNNING);
      stops(migrator(""), "TM-MIG-030", ExitCode.BUSY);
      assertThat(value(database, "SELECT sum(n) FROM items")).isEqualTo("0");
      holder.rollback();
      applied.get(1, TimeUnit.MINUTES);
    }
    changedOnce(5_000);
  }

  @Test
  void aBatchThatFailsIsFlaggedAndGoneOnWithOnceItsCauseIsMended() throws Exception {
    table("bigint PRIMARY KEY", "g", 3_000);
    execute(database, "UPDATE items SET d = 0 WHERE id = 1700");
    step("batch = 500", "UPDATE items SET n = n + 1, r = 1 / d WHERE id BETWEEN ${from} AND ${to}");
    stops(migrator(""), "TM-MIG-143", ExitCode.PARTIAL, "22012", "division by zero");
    assertThat(entry(migrator("")).finding().orElseThrow().state())
        .isEqualTo(FailureState.FAILED_PART_WAY);
    stops(migrator(""), "TM-MIG-038", ExitCode.PARTIAL);
    long walked = walked();
    assertThat(value(database, "SELECT sum(n) FROM items")).isEqualTo(String.valueOf(walked));

    execute(database, "UPDATE items SET d = 1 WHERE id = 1700");
    migrator("").resolve(VERSION, Resolution.RETRY, "d is no longer 0");
    assertThat(entry(migrator("")).finding().orElseThrow().state())
        .isEqualTo(FailureState.STOPPED_IN_DATA_STEP);
    // Another step of this name must not go on with what this one began.
    step("batch = 500", ONCE);
    assertThat(entry(migrator("")).finding().orElseThrow().detail()).contains("edited since");
    stops(migrator(""), "TM-MIG-038", ExitCode.PARTIAL, "edited since it began");
    step(
        "batch = 100",
        "UPDATE items SET n = n + 1, r = 1 / d WHERE id BETWEEN ${from} AND ${to} -- as before");
    migrator("").apply(ApplyOptions.all());
    changedOnce(3_000);
  }

  @Test
  void aBatchAndItsProgressAreCommittedTogether() throws Exception {
    table("bigint PRIMARY KEY", "g", 2_000);
    step("batch = 100", ONCE);
    stops(migrator("migrate.data-step-budget = 1ms"), "TM-MIG-142", ExitCode.PARTIAL);
    execute(
        database,
        "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS"
            + " $$ BEGIN RAISE 'no progress'; END $$",
        "CREATE TRIGGER lose BEFORE UPDATE ON tidemark.data_steps FOR EACH ROW"
            + " WHEN (new.batches >= 3) EXECUTE FUNCTION lose()");
    stops(migrator(""), "TM-MIG-143", ExitCode.PARTIAL, "no progress");
    assertThat(walked()).isBetween(200L, 1_999L);
    assertThat(value(database, "SELECT sum(n) || ' ' || max(n) FROM items"))
        .isEqualTo(walked() + " 1");

    execute(database, "DROP TRIGGER lose ON tidemark.data_steps");
    migrator("").resolve(VERSION, Resolution.RETRY, "progress can be written again");
    migrator("").apply(ApplyOptions.all());
    changedOnce(2_000);
  }

  /** The canary is slow while a batch is at work, and only then. */
  @Test
  void whatBatchesDoToOthersSlowsThemDown() throws Exception {
    table("bigint PRIMARY KEY", "g", 6_000);
    step(
        "batch = 100",
        "UPDATE items SET n = n + 1 FROM pg_sleep(0.2) WHERE id BETWEEN ${from} AND ${to}");
    String canary =
        "SELECT pg_sleep(0.1) FROM pg_locks"
            + " WHERE relation = 'items'::regclass AND mode = 'RowExclusiveLock' LIMIT 1";
    migrator(
            "governor { interval = 250ms, share.least = 0.4,"
                + " signals.canary { throttle-at = 2, stop-at = null, pause = 10ms, query = \"%s\" } }"
                    .formatted(canary))
        .apply(ApplyOptions.all());

    changedOnce(6_000);
    assertThat(value(database, "SELECT slowed_by FROM tidemark.data_steps"))
        .startsWith("canary: the canary's p95 is");
    assertThat(value(database, "SELECT share < 0.5 FROM tidemark.data_steps")).isEqualTo("t");
  }

  @Test
  void rowsThatRemainAreFoundAndTheWalkBeginsAgain() throws Exception {
    table("bigint PRIMARY KEY", "g", 1_000);
    step("batch = 100", ONCE + " AND n = 0 AND id <> 7");
    Files.writeString(
        folder.resolve("sets/" + VERSION + "_fill/data/fill.remaining.sql"),
        "SELECT count(*) FROM items WHERE n = 0");
    stops(migrator(""), "TM-MIG-144", ExitCode.PARTIAL, "1 rows remain");
    // One by hand; one that somebody brings back is for the walk, which has passed it.
    execute(database, "UPDATE items SET n = 1 WHERE id = 7", "UPDATE items SET n = 0 WHERE id = 3");
    migrator("").resolve(VERSION, Resolution.RETRY, "did it by hand");
    migrator("").apply(ApplyOptions.all());
    changedOnce(1_000);
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "key = nowhere | no table items with a column nowhere",
        "key = maybe   | may be null",
        "key = bare    | no index begins with items.bare",
        "key = exact   | is of type numeric"
      })
  void aKeyThatWouldMissRowsOrReadTheWholeTableIsRefused(String key, String reason)
      throws Exception {
    table(
        "bigint PRIMARY KEY, maybe int, bare int NOT NULL DEFAULT 0, exact numeric NOT NULL DEFAULT 0",
        "g",
        10);
    step(key, ONCE);
    stops(migrator(""), "TM-MIG-141", ExitCode.PARTIAL, reason);
  }

  @Test
  void throwAwayDatabasesDoItInOneGo() throws Exception {
    Path sets = folder.resolve("sets");
    write(
        sets.resolve(TABLES + "_items"),
        "title=t, author=a, risk=low, risk-assessment=none, touches=[items], phase=expand",
        "CREATE TABLE items (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), n int DEFAULT 0);"
            + " INSERT INTO items (n) SELECT 0 FROM generate_series(1, 300)",
        "DROP TABLE items");
    step("batch = 100", ONCE);
    write(
        sets.resolve("202601010002_strict"),
        "title=t, author=a, risk=low, risk-assessment=none, touches=[items], phase=expand",
        "ALTER TABLE items ADD CONSTRAINT items_n_counted CHECK (n > 0)",
        "ALTER TABLE items DROP CONSTRAINT items_n_counted");
    Config config =
        config("migrate.shadow-url = \"" + POSTGRES.newDatabase().completeJdbcUrl() + "\"");

    List<LintResult> lint = new Rehearsal(config, line -> {}).lint();
    assertThat(lint).as("apply.sql and rollback.sql of each").hasSize(6);
    assertThat(lint.get(1).findings()).isEmpty();

    DryRunResult dryRun = new Rehearsal(config, line -> {}).apply(ApplyOptions.all());
    assertThat(dryRun.steps())
        .extracting(step -> step.file().replaceFirst(".*?/", ""))
        .containsExactly("apply.sql", "apply.sql", "data/fill.sql", "apply.sql");
    assertThat(dryRun.steps().get(2).statements().get(0).rows()).isPositive();
    assertThat(dryRun.steps().get(2).statements().get(0).problem()).isEmpty();
    assertThat(migrator("").status().version()).isEmpty();

    SmokeResult smoke = Smoke.run(config, dev.tidemark.migrator.operation.OperationObserver.NONE);
    assertThat(smoke.trials()).allMatch(trial -> trial.differences().isEmpty());
    assertThat(smoke.trials()).hasSize(3);

    migrator("").apply(ApplyOptions.all());
    changedOnce(300);
  }

  private void table(String key, String expression, int rows) throws SQLException {
    execute(
        database,
        "CREATE TABLE items (id "
            + key
            + ", n int NOT NULL DEFAULT 0, d int NOT NULL DEFAULT 1, r int, w bigint)",
        "INSERT INTO items (id) SELECT " + expression + " FROM generate_series(1, " + rows + ") g",
        "ANALYZE items");
  }

  private void step(String keys, String sql) throws IOException {
    Path set = folder.resolve("sets/" + VERSION + "_fill");
    write(
        set,
        "title=t, author=a, risk=low, risk-assessment=none, touches=[items], phase=migrate,"
            + " transactional=false, data-steps = [{ name = fill, table = items, "
            + keys
            + " }]",
        "-- nothing to prepare",
        "UPDATE items SET n = 0");
    Files.createDirectories(set.resolve("data"));
    Files.writeString(set.resolve("data/fill.sql"), sql);
  }

  private static void write(Path set, String conf, String apply, String rollback)
      throws IOException {
    Files.createDirectories(set);
    Files.writeString(set.resolve("changeset.conf"), conf);
    Files.writeString(set.resolve("apply.sql"), apply);
    Files.writeString(set.resolve("rollback.sql"), rollback);
    Files.writeString(set.resolve("verify.sql"), "SELECT true");
  }

  private Config config(String more) {
    return Settings.parse(
        """
        home = "%s"
        database { url = "%s", user = "%s", password = "%s" }
        migrate { change-sets = "%s", lint = off }
        # Whatever else this machine does, these tests are not about it.
        governor.cores = 1000
        governor.signals { canary { throttle-at = null, stop-at = null }, vacuum.throttle-at = null }
        %s
        """
            .formatted(
                folder.resolve("home"),
                database.jdbcUrl(),
                database.user(),
                String.valueOf(database.password()),
                folder.resolve("sets"),
                more));
  }

  private Migrator migrator(String more) {
    return Migrator.open(database, config(more));
  }

  private static void stops(Migrator migrator, String code, ExitCode exit, String... words) {
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> migrator.apply(ApplyOptions.all()))
        .satisfies(e -> assertThat(e.code()).isEqualTo(code))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(exit))
        .satisfies(e -> assertThat(List.of(words)).allMatch(e.getMessage()::contains));
  }

  private static void changedOnce(int rows) throws SQLException {
    assertThat(value(database, "SELECT count(*) || ' ' || min(n) || ' ' || max(n) FROM items"))
        .isEqualTo(rows + " 1 1");
  }

  private static Entry entry(Migrator migrator) {
    StatusResult status = migrator.status();
    return status.entries().stream()
        .filter(entry -> entry.version().equals(VERSION))
        .findFirst()
        .orElseThrow();
  }

  private static long walked() throws SQLException {
    boolean there =
        value(database, "SELECT to_regclass('tidemark.data_steps') IS NOT NULL").equals("t");
    return there
        ? Long.parseLong(
            value(database, "SELECT coalesce(sum(rows_walked), 0) FROM tidemark.data_steps"))
        : 0;
  }

  private static void await(String query) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!column(database, query).equals(List.of("t"))) {
      assertThat(System.nanoTime()).as("in time: " + query).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  private static void awaitNobody() throws Exception {
    await(
        "SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = current_database()"
            + " AND application_name = 'tidemark' AND pid <> pg_backend_pid()");
  }

  /** Writes one row after the other, as a service does. */
  private static final class Writer implements AutoCloseable {
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicLong longest = new AtomicLong();
    private final AtomicLong writes = new AtomicLong();
    private final CompletableFuture<Void> work;

    private Writer(int rows) {
      work = CompletableFuture.runAsync(() -> write(rows));
    }

    private void write(int rows) {
      Random random = new Random(7);
      try (Connection connection = database.connect()) {
        execute(connection, "SET application_name = 'service'");
        while (!stopped.get()) {
          long begun = System.nanoTime();
          execute(connection, "UPDATE items SET w = 1 WHERE id = " + (1 + random.nextInt(rows)));
          longest.accumulateAndGet(System.nanoTime() - begun, Math::max);
          writes.incrementAndGet();
          Thread.sleep(2);
        }
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      stopped.set(true);
      work.join();
    }

    @Override
    public String toString() {
      return "A writer beside the data step: %d writes, the longest took %d ms"
          .formatted(writes.get(), longest.get() / 1_000_000);
    }
  }
}
