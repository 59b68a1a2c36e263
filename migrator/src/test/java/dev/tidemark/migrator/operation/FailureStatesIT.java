package dev.tidemark.migrator.operation;

import static dev.tidemark.migrator.testing.Sql.column;
import static dev.tidemark.migrator.testing.Sql.execute;
import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.operation.MigratorSettings.OutOfOrder;
import dev.tidemark.migrator.operation.StatusResult.Entry;
import dev.tidemark.migrator.operation.StatusResult.State;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.state.Actor;
import dev.tidemark.migrator.state.FailureState;
import dev.tidemark.migrator.state.Journal;
import dev.tidemark.migrator.state.Moment;
import dev.tidemark.migrator.state.OpenStatement;
import dev.tidemark.migrator.state.OperationKind;
import dev.tidemark.migrator.state.Resolution;
import dev.tidemark.migrator.state.RunStart;
import dev.tidemark.migrator.state.ScriptKind;
import dev.tidemark.migrator.state.Session;
import dev.tidemark.migrator.state.StatementEnd;
import dev.tidemark.migrator.state.StatementStart;
import dev.tidemark.migrator.testing.CuttingProxy;
import dev.tidemark.migrator.testing.PostgresExtension;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Every failure state: produced, recognised, recovered from. */
class FailureStatesIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String EARLIER = "202601010000";
  private static final String VERSION = "202601010001";
  private static final String NAME = VERSION + "_set";
  private static final String HASH = "0".repeat(64);

  @TempDir Path folder;

  private final Database database = POSTGRES.newDatabase();
  private String before;

  @BeforeEach
  void applyAnEarlierOne() throws SQLException {
    sets()
        .with(
            EARLIER + "_zero",
            "CREATE TABLE zero (id int); INSERT INTO zero VALUES (1), (1)",
            "DROP TABLE zero");
    migrator().apply(ApplyOptions.all());
    before = catalogue();
  }

  @Test
  void failedAndRolledBackByPostgres() throws SQLException {
    sets().with(NAME, "CREATE TABLE one (id int); SELECT 1 / 0", "DROP TABLE one");
    refused("TM-MIG-032", ExitCode.PARTIAL);

    assertThat(catalogue()).isEqualTo(before);
    finding(FailureState.FAILED_AND_ROLLED_BACK, "statement 2 of 2", "22012", "division by zero");
    refused("TM-MIG-038", ExitCode.PARTIAL);
    Guidance guidance = migrator().guide(NAME);
    assertThat(guidance.choices()).containsKeys(Resolution.RETRY, Resolution.MARK_ROLLED_BACK);

    sets().with(NAME, "CREATE TABLE one (id int); SELECT 1 / 1", "DROP TABLE one");
    refused("TM-MIG-038", ExitCode.PARTIAL);
    migrator().resolve(VERSION, Resolution.RETRY, "it divides by one now");
    assertThat(
            value(
                database,
                "SELECT reason FROM tidemark.flags JOIN tidemark.operations o ON o.id = resolved_by"))
        .isEqualTo("it divides by one now");
    applied();
  }

  @Test
  void aRollbackAfterAFailureThatLeftNothingTouchesNothingElse() throws SQLException {
    sets().with(NAME, "SELECT 1 / 0", "DROP TABLE zero");
    refused("TM-MIG-032", ExitCode.PARTIAL);

    OperationResult result = migrator().rollback(new RollbackOptions.Last(1));

    assertThat(result.steps()).extracting(Step::statements).containsExactly(0);
    assertThat(catalogue()).isEqualTo(before);
    finding(FailureState.ROLLED_BACK);
    migrator().rollback(new RollbackOptions.Last(1));
    assertThat(migrator().status().version()).isEmpty();
  }

  @Test
  void failedInAStepWithoutTransaction() throws SQLException {
    steps(
        "CREATE TABLE one (id int); INSERT INTO one VALUES (1); INSERT INTO one SELECT 1 / id - 1 FROM missing");
    refused("TM-MIG-032", ExitCode.PARTIAL);

    finding(FailureState.FAILED_PART_WAY, "statement 3 of 3", "42P01");
    refused("TM-MIG-038", ExitCode.PARTIAL);

    execute(database, "CREATE TABLE public.missing (id int)");
    migrator().resolve(VERSION, Resolution.RETRY, "made the table that it missed");
    finding(FailureState.INTERRUPTED, "statements 1, 2 of 3 are done");
    applied();
    assertThat(value(database, "SELECT count(*) FROM one")).isEqualTo("1");
  }

  @Test
  void whatIsThereOfAStepwiseChangeSetIsRolledBackAndNotAppliedAgain() throws SQLException {
    steps("CREATE TABLE one (id int); SELECT 1 / 0; CREATE TABLE two (id int)");
    refused("TM-MIG-032", ExitCode.PARTIAL);

    migrator().rollback(new RollbackOptions.Last(1));

    assertThat(catalogue()).isEqualTo(before);
    finding(FailureState.ROLLED_BACK);
    refused("TM-MIG-038", ExitCode.PARTIAL);
  }

  @Test
  void aRollbackOfHalfAChangeSetTakesNothingThatItDidNotMake() throws SQLException {
    execute(database, "CREATE TABLE public.two AS SELECT 1 AS precious");
    before = catalogue();
    steps("CREATE TABLE one (id int); CREATE TABLE two (id int)");
    refused("TM-MIG-032", ExitCode.PARTIAL);

    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> migrator().rollback(new RollbackOptions.Last(1)))
        .satisfies(e -> assertThat(e.code()).isEqualTo("TM-MIG-048"))
        .withMessageContaining("two.precious");

    assertThat(value(database, "SELECT precious FROM two")).isEqualTo("1");
    finding(FailureState.ROLLBACK_FAILED);
    execute(database, "DROP TABLE public.one");
    migrator().resolve(VERSION, Resolution.MARK_ROLLED_BACK, "dropped one by hand");
    assertThat(catalogue()).isEqualTo(before);
    assertThat(entry().state()).isEqualTo(State.PENDING);
  }

  @Test
  void anInvalidIndexLeftByAFailedBuildIsBuiltAnew() throws SQLException {
    uniqueIndex();
    refused("TM-MIG-032", ExitCode.PARTIAL);

    finding(FailureState.INVALID_INDEX, "23505");
    execute(database, "DELETE FROM public.zero WHERE ctid = '(0,1)'");
    migrator().resolve(VERSION, Resolution.RETRY, "took the duplicate out");
    finding(FailureState.INVALID_INDEX, "public.zero_id");
    applied();
    assertThat(value(database, "SELECT bool_and(indisvalid) FROM pg_index")).isEqualTo("t");
  }

  @Test
  void anInvalidIndexIsRolledBack() throws SQLException {
    uniqueIndex();
    refused("TM-MIG-032", ExitCode.PARTIAL);

    migrator().rollback(new RollbackOptions.Last(1));

    assertThat(catalogue()).isEqualTo(before);
  }

  @Test
  void anIndexWhoseBuilderIsGoneIsNotDone() throws Exception {
    sets()
        .with(
            NAME,
            false,
            "CREATE INDEX CONCURRENTLY zero_id ON zero (id)",
            "DROP INDEX CONCURRENTLY zero_id",
            "SELECT indisvalid FROM pg_index WHERE indexrelid = 'zero_id'::regclass");
    try (Connection other = database.connect();
        CuttingProxy proxy = new CuttingProxy(database)) {
      other.setAutoCommit(false);
      execute(other, "INSERT INTO public.zero VALUES (2)");
      CompletableFuture<Void> cut =
          CompletableFuture.runAsync(
              () -> await("SELECT count(*) FROM pg_index WHERE NOT indisvalid", proxy));
      MigratorSettings patient =
          new MigratorSettings(Duration.ofMinutes(1), 1, Duration.ZERO, Map.of());
      assertThatExceptionOfType(MigratorException.class)
          .isThrownBy(
              () ->
                  Migrator.open(proxy.database(), patient, sets().read()).apply(ApplyOptions.all()))
          .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE));
      cut.join();
      awaitState(FailureState.INVALID_INDEX);
    }
    finding(FailureState.INVALID_INDEX, "public.zero_id");
    assertThat(entry().finding().orElseThrow().resumable()).isTrue();
    applied();
    assertThat(value(database, "SELECT bool_and(indisvalid) FROM pg_index")).isEqualTo("t");
  }

  @Test
  void aDetachedPartitionThatWaitsToBeFinishedIsFinished() throws Exception {
    execute(
        database,
        "CREATE TABLE public.parts (id int) PARTITION BY LIST (id)",
        "CREATE TABLE public.part_1 PARTITION OF public.parts FOR VALUES IN (1)");
    sets()
        .with(
            NAME,
            false,
            "ALTER TABLE parts DETACH PARTITION part_1 CONCURRENTLY",
            "ALTER TABLE parts ATTACH PARTITION part_1 FOR VALUES IN (1)",
            "SELECT count(*) = 0 FROM pg_inherits");
    try (Connection other = database.connect();
        CuttingProxy proxy = new CuttingProxy(database)) {
      other.setAutoCommit(false);
      execute(other, "LOCK TABLE public.parts IN ACCESS SHARE MODE");
      CompletableFuture<Void> cut =
          CompletableFuture.runAsync(
              () -> await("SELECT count(*) FROM pg_inherits WHERE inhdetachpending", proxy));
      MigratorSettings patient =
          new MigratorSettings(Duration.ofMinutes(1), 1, Duration.ZERO, Map.of());
      assertThatExceptionOfType(MigratorException.class)
          .isThrownBy(
              () ->
                  Migrator.open(proxy.database(), patient, sets().read())
                      .apply(ApplyOptions.all()));
      cut.join();
      awaitState(FailureState.INTERRUPTED);
    }
    assertThat(value(database, "SELECT inhdetachpending FROM pg_inherits")).isEqualTo("t");
    applied();
    assertThat(column(database, "SELECT 1 FROM pg_inherits")).isEmpty();
  }

  @Test
  void aHistoryThatSomebodyEditedIsNoticed() throws SQLException {
    sets()
        .with(
            NAME,
            true,
            "CREATE TABLE one (id int)",
            "DROP TABLE one",
            "SELECT to_regclass('one') IS NOT NULL");
    applied();
    execute(
        database,
        "DELETE FROM tidemark.change_set_history WHERE version = '%s'".formatted(VERSION));

    finding(FailureState.HISTORY_DISAGREES);
    refused("TM-MIG-038", ExitCode.PARTIAL);
    resolutionRefused(Resolution.RETRY);
    migrator().resolve(VERSION, Resolution.MARK_APPLIED, "the table is there");
    assertThat(entry().state()).isEqualTo(State.APPLIED);
    assertThat(entry().finding()).isEmpty();

    execute(
        database,
        "DELETE FROM tidemark.change_set_history WHERE version = '%s'".formatted(VERSION),
        "DROP TABLE public.one");
    resolutionRefused(Resolution.MARK_APPLIED);
    migrator().resolve(VERSION, Resolution.MARK_ROLLED_BACK, "somebody dropped the table");
    applied();
  }

  @Test
  void whatIsGoneAlthoughTheHistoryHasItIsFoundByVerify() throws SQLException {
    sets()
        .with(
            NAME,
            true,
            "CREATE TABLE one (id int)",
            "DROP TABLE one",
            "SELECT true;\nSELECT to_regclass('one') IS NOT NULL");
    applied();
    assertThat(migrator().verify().mismatches()).isEmpty();

    execute(database, "DROP TABLE public.one");

    assertThat(migrator().verify().mismatches())
        .singleElement()
        .satisfies(check -> assertThat(check.line()).isEqualTo(2))
        .satisfies(check -> assertThat(check.found()).contains("it gave false"));
  }

  @Test
  void aRollbackThatFailsIsNamedAndMayBeRepeated() throws SQLException {
    sets().with(NAME, "CREATE TABLE one (id int)", "DROP TABLE one; DROP TABLE none");
    applied();
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> migrator().rollback(new RollbackOptions.Last(1)))
        .satisfies(e -> assertThat(e.code()).isEqualTo("TM-MIG-032"));

    finding(FailureState.ROLLBACK_FAILED, "rollback.sql", "42P01");
    assertThat(entry().isApplied()).isTrue();
    refused("TM-MIG-038", ExitCode.PARTIAL);

    sets().with(NAME, "CREATE TABLE one (id int)", "DROP TABLE one");
    migrator().rollback(new RollbackOptions.Last(1));
    assertThat(catalogue()).isEqualTo(before);
    finding(FailureState.ROLLED_BACK);
  }

  @Test
  void aStatementThatTakesTooLongIsEndedAndJournalled() throws SQLException {
    sets().with(NAME, "SELECT pg_sleep(600)", "SELECT 1");
    MigratorSettings hasty =
        new MigratorSettings(
            Duration.ofSeconds(5),
            3,
            Duration.ofMillis(20),
            Duration.ofMillis(200),
            OutOfOrder.REFUSE,
            Map.of(),
            "somebody");

    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> Migrator.open(database, hasty, sets().read()).apply(ApplyOptions.all()))
        .satisfies(e -> assertThat(e.code()).isEqualTo("TM-MIG-044"))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PARTIAL));

    assertThat(journal("sqlstate")).containsExactly("57014");
    assertThat(value(database, "SELECT actor FROM tidemark.operations WHERE outcome = 'failed'"))
        .isEqualTo("somebody");
  }

  @Test
  void theJournalTellsRowsAttemptsAndWaits() throws Exception {
    sets()
        .with(
            NAME,
            "CREATE TABLE one AS SELECT generate_series(1, 500) AS id;"
                + " ALTER TABLE zero ADD name text; DELETE FROM one WHERE id <= 120",
            "SELECT 1");
    CountDownLatch waiting = new CountDownLatch(1);
    CompletableFuture<OperationResult> applied;
    try (Connection other = database.connect()) {
      other.setAutoCommit(false);
      execute(other, "LOCK TABLE public.zero IN ACCESS SHARE MODE");
      applied =
          CompletableFuture.supplyAsync(
              () ->
                  migrator()
                      .observedBy(
                          new OperationObserver() {
                            @Override
                            public void progress(String line) {
                              // Not wanted.
                            }

                            @Override
                            public void notice(String line) {
                              waiting.countDown();
                            }
                          })
                      .apply(ApplyOptions.all()));
      waiting.await();
    }
    applied.get();

    assertThat(journal("affected_rows")).first().isEqualTo("500");
    assertThat(journal("affected_rows")).last().isEqualTo("120");
    assertThat(Integer.parseInt(journal("attempts").get(1))).isGreaterThan(1);
    assertThat(Long.parseLong(journal("lock_wait_ms").get(1))).isGreaterThanOrEqualTo(500);
    assertThat(journal("outcome")).containsOnly("done").hasSize(3);
    assertThat(journal("transaction_id")).doesNotContainNull();
    assertThat(Long.parseLong(journal("wal_bytes").get(0))).isGreaterThan(500 * 20);
  }

  @Test
  void aTransactionThatIsAtWorkIsInTheJournalUpToItsStatement() throws Exception {
    execute(database, "CREATE TABLE public.gate AS SELECT true AS shut");
    sets()
        .with(
            VERSION + "_slow",
            "CREATE TABLE one AS SELECT generate_series(1, 500) AS id; CREATE TABLE two (id int);"
                + " DO $$ BEGIN WHILE (SELECT shut FROM gate) LOOP PERFORM pg_sleep(0.01); END LOOP; END $$;"
                + " CREATE TABLE three (id int)",
            "DROP TABLE three; DROP TABLE two; DROP TABLE one");
    CompletableFuture<OperationResult> applied =
        CompletableFuture.supplyAsync(() -> migrator().apply(ApplyOptions.all()));

    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!exists("tidemark.journal") || journal("id").size() < 3) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.sleep(20);
    }
    assertThat(journal("statement_number")).containsExactly("1", "2", "3");
    assertThat(journal("outcome")).containsExactly("done", "done", null);
    execute(database, "UPDATE public.gate SET shut = false");
    applied.get();

    assertThat(journal("statement_number")).containsExactly("1", "2", "3", "4");
    assertThat(journal("outcome")).containsOnly("done");
    assertThat(Long.parseLong(journal("wal_bytes").get(0))).isGreaterThan(500 * 20);
    assertThat(Long.parseLong(journal("wal_bytes").get(3))).isPositive();
    assertThat(journal("started_at")).as("one after the other").isSorted();
    assertThat(journal("ended_at >= j.started_at")).containsOnly("t");
  }

  /** None of them is looked at for taking long; the oldest that waits is what counts. */
  @Test
  void quickStatementsOfATransactionWaitForEachOtherOnlyForAWhile() throws Exception {
    try (Connection connection = database.connect()) {
      Journal journal = new Journal(connection);
      UUID operation =
          journal.beginOperation(OperationKind.APPLY, Actor.here("Ann"), Optional.empty());
      RunStart start =
          new RunStart(
              VERSION,
              "quick",
              ScriptKind.APPLY,
              HASH,
              3,
              true,
              Session.of(connection),
              Optional.empty());
      long run = journal.beginRun(operation, start);
      RunLog log = new RunLog(journal, run, ScriptKind.APPLY, OperationObserver.NONE);

      quick(log, 1, connection);
      assertThat(journal("statement_number")).isEmpty();
      Thread.sleep(60);
      quick(log, 2, connection);
      assertThat(journal("statement_number")).containsExactly("1");
      quick(log, 3, connection);
      log.flush();
      assertThat(journal("statement_number")).containsExactly("1", "2", "3");
    }
  }

  private static void quick(RunLog log, int number, Connection connection) throws SQLException {
    Moment now =
        new Moment(
            value(connection, "SELECT pg_current_wal_insert_lsn()"),
            value(connection, "SELECT clock_timestamp()"));
    OpenStatement open =
        log.gather(
            new StatementStart(log.run(), ScriptKind.APPLY, number, HASH, Optional.of("1")),
            "SELECT",
            now);
    log.end(
        new StatementEnd(
            open,
            true,
            Optional.empty(),
            1,
            Duration.ZERO,
            Duration.ZERO,
            Optional.empty(),
            Optional.empty(),
            Optional.of(now)));
  }

  private boolean exists(String table) throws SQLException {
    return value(database, "SELECT to_regclass('%s')".formatted(table)) != null;
  }

  @Test
  void scriptsMayWorkAsAnotherRole() throws SQLException {
    String role = "worker_%d_%d".formatted(ProcessHandle.current().pid(), System.nanoTime());
    execute(
        database,
        "CREATE ROLE " + role,
        "GRANT %s TO CURRENT_USER".formatted(role),
        "GRANT CREATE ON SCHEMA public TO " + role);
    try {
      sets()
          .with(
              NAME,
              false,
              "SET ROLE %s; CREATE TABLE one (id int)".formatted(role),
              "SET ROLE %s; DROP TABLE one".formatted(role),
              "SELECT current_user = '%s'".formatted(role))
          .with(
              "202601010002_next",
              "SET ROLE %s; CREATE TABLE two (id int)".formatted(role),
              "SET ROLE %s; DROP TABLE two".formatted(role));
      applied();
      assertThat(
              column(
                  database, "SELECT tableowner FROM pg_tables WHERE tablename IN ('one', 'two')"))
          .containsExactly(role, role);
      migrator().rollback(new RollbackOptions.Last(2));
      assertThat(catalogue()).doesNotContain("public.one", "public.two");
    } finally {
      execute(database, "REVOKE CREATE ON SCHEMA public FROM " + role, "DROP ROLE " + role);
    }
  }

  @Test
  void whatComesLateIsAppliedWhereThatIsAllowed() throws SQLException {
    sets().with("202512010000_late", "CREATE TABLE late (id int)", "DROP TABLE late");
    refused("TM-MIG-037", ExitCode.REFUSED);
    MigratorSettings lenient =
        new MigratorSettings(
            Duration.ofSeconds(1),
            3,
            Duration.ofMillis(20),
            Duration.ZERO,
            OutOfOrder.ALLOW,
            Map.of(),
            "somebody");

    Migrator.open(database, lenient, sets().read()).apply(ApplyOptions.all());

    assertThat(value(database, "SELECT to_regclass('public.late')")).isEqualTo("late");
    assertThat(migrator().status().entries()).allMatch(entry -> entry.state() == State.APPLIED);
  }

  @Test
  void anExistingDatabaseIsTakenOverIfItIsWhatItIsSaidToBe() throws SQLException {
    Database existing = POSTGRES.newDatabase();
    sets()
        .with(
            NAME,
            true,
            "CREATE TABLE one (id int)",
            "DROP TABLE one",
            "SELECT count(*) = 0 FROM one")
        .with("202601010002_next", "CREATE TABLE two (id int)", "DROP TABLE two");
    Migrator migrator = Migrator.open(existing, settings(), sets().read());
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> migrator.baseline(VERSION))
        .satisfies(e -> assertThat(e.code()).isEqualTo("TM-MIG-047"))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.MISMATCH))
        .withMessageContaining("202601010001_set/verify.sql line 1");

    execute(existing, "CREATE TABLE public.zero (id int)", "CREATE TABLE public.one (id int)");
    assertThat(migrator.baseline(VERSION).steps()).hasSize(2);

    assertThat(migrator.status().version()).contains(VERSION);
    assertThat(migrator.apply(ApplyOptions.all()).steps())
        .extracting(Step::version)
        .containsExactly("202601010002");
    migrator.rollback(new RollbackOptions.Last(2));
    assertThat(value(existing, "SELECT to_regclass('public.one')")).isNull();
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> migrator.baseline(VERSION))
        .withMessageContaining("has a history already");
  }

  @Test
  void nothingIsResolvedThatIsNotWrong() {
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> migrator().guide(EARLIER))
        .satisfies(e -> assertThat(e.code()).isEqualTo("TM-MIG-045"));
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> migrator().resolve("209901010000", Resolution.RETRY, "why not"))
        .satisfies(e -> assertThat(e.code()).isEqualTo("TM-MIG-034"));
  }

  private void steps(String apply) {
    sets().with(NAME, false, apply, "DROP TABLE two; DROP TABLE one", "SELECT true");
  }

  private void uniqueIndex() {
    sets()
        .with(
            NAME,
            false,
            "CREATE UNIQUE INDEX CONCURRENTLY zero_id ON zero (id)",
            "DROP INDEX CONCURRENTLY zero_id",
            "SELECT indisvalid FROM pg_index WHERE indexrelid = 'zero_id'::regclass");
  }

  private void applied() {
    migrator().apply(ApplyOptions.all());
    assertThat(migrator().status().entries())
        .allMatch(entry -> entry.state() == State.APPLIED && entry.finding().isEmpty());
  }

  private void finding(FailureState state, String... words) {
    assertThat(entry().finding())
        .hasValueSatisfying(finding -> assertThat(finding.state()).isEqualTo(state))
        .hasValueSatisfying(
            finding -> assertThat(List.of(words)).allMatch(finding.detail()::contains));
  }

  private void resolutionRefused(Resolution resolution) {
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> migrator().resolve(VERSION, resolution, "why not"))
        .satisfies(e -> assertThat(e.code()).isEqualTo("TM-MIG-046"))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.MISMATCH));
  }

  private void refused(String code, ExitCode exitCode) {
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> migrator().apply(ApplyOptions.all()))
        .satisfies(e -> assertThat(e.code()).isEqualTo(code))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(exitCode));
  }

  /** Breaks the network once a query gives something but 0. */
  private void await(String query, CuttingProxy proxy) {
    try {
      while (value(database, query).equals("0")) {
        Thread.sleep(20);
      }
      proxy.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void awaitState(FailureState state) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (entry().finding().filter(finding -> finding.state() == state).isEmpty()) {
      assertThat(System.nanoTime()).as("in time: " + entry()).isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  private List<String> journal(String field) throws SQLException {
    return column(
        database,
        "SELECT %s FROM tidemark.journal j JOIN tidemark.runs r ON r.id = run_id"
                .formatted("j." + field)
            + " WHERE change_set = '%s' AND j.script = 'apply' ORDER BY j.id".formatted(VERSION));
  }

  private Entry entry() {
    return migrator().status().entries().stream()
        .filter(entry -> entry.version().equals(VERSION))
        .findFirst()
        .orElseThrow();
  }

  private String catalogue() throws SQLException {
    try (Connection connection = database.connect()) {
      return CatalogueLines.read(connection);
    }
  }

  private Migrator migrator() {
    return Migrator.open(database, settings(), sets().read());
  }

  private static MigratorSettings settings() {
    return new MigratorSettings(Duration.ofMillis(500), 5, Duration.ofMillis(50), Map.of());
  }

  private ChangeSetFolder sets() {
    return new ChangeSetFolder(folder);
  }
}
