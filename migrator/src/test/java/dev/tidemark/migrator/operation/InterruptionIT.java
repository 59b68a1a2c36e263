package dev.tidemark.migrator.operation;

import static dev.tidemark.migrator.testing.Sql.column;
import static dev.tidemark.migrator.testing.Sql.execute;
import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.operation.StatusResult.Entry;
import dev.tidemark.migrator.operation.StatusResult.State;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.state.FailureState;
import dev.tidemark.migrator.state.Resolution;
import dev.tidemark.migrator.testing.CuttingProxy;
import dev.tidemark.migrator.testing.CuttingProxy.Cut;
import dev.tidemark.migrator.testing.PostgresExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The network breaks at every boundary, and inside of statements. */
class InterruptionIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final MigratorSettings SETTINGS =
      new MigratorSettings(Duration.ofMillis(500), 3, Duration.ofMillis(20), Map.of());
  private static final String EARLIER = "202601010000";
  private static final String VERSION = "202601010001";

  private static final List<String> WHOLE =
      List.of(
          "CREATE TABLE one (id int)", "INSERT INTO one VALUES (1)", "CREATE TABLE two (id int)");
  private static final List<String> STEPS =
      List.of(
          "CREATE TABLE one (id int)",
          "INSERT INTO one VALUES (1)",
          "CREATE INDEX CONCURRENTLY one_id ON one (id)",
          "INSERT INTO one VALUES (2)",
          "DROP INDEX CONCURRENTLY one_id",
          "CREATE TABLE two (id int)");

  @TempDir Path folder;

  /** One for all tests: to make and drop one for each would take most of the time. */
  private static Database database;

  private String before;

  @BeforeAll
  static void makeTheDatabase() {
    database = POSTGRES.newDatabase();
  }

  @BeforeEach
  void applyAnEarlierOne() throws Exception {
    awaitNoSessions();
    execute(
        database,
        "DROP SCHEMA IF EXISTS tidemark CASCADE",
        "DROP SCHEMA public CASCADE",
        "CREATE SCHEMA public");
    sets().with(EARLIER + "_zero", "CREATE TABLE zero (id int)", "DROP TABLE zero");
    migrator(database).apply(ApplyOptions.all());
    before = catalogue();
  }

  static Stream<Arguments> boundaries() {
    return Stream.of(true, false)
        .flatMap(
            transactional ->
                Stream.concat(
                        (transactional ? WHOLE : STEPS).stream(),
                        Stream.of(
                            "SELECT count(*) = ",
                            "INSERT INTO \"tidemark\".\"change_set_history\"",
                            "COMMIT"))
                    .flatMap(
                        statement ->
                            Stream.of(Cut.BEFORE, Cut.AFTER)
                                .map(cut -> Arguments.of(transactional, statement, cut))));
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("boundaries")
  void whereverItIsCutApplyBringsItToItsEnd(boolean transactional, String moment, Cut cut)
      throws Exception {
    prepare(transactional);
    cutApply(proxy -> at(proxy, transactional, moment, cut));

    statusTellsTheTruth(transactional);
    migrator(database).apply(ApplyOptions.all());

    everythingIsThereOnce(transactional);
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("boundaries")
  void whereverItIsCutRollbackRestoresTheStateBefore(boolean transactional, String moment, Cut cut)
      throws Exception {
    prepare(transactional);
    cutApply(proxy -> at(proxy, transactional, moment, cut));

    rollbackRestoresTheStateBefore(transactional);
  }

  static Stream<Arguments> seeds() {
    return Stream.of(true, false)
        .flatMap(
            transactional ->
                Stream.iterate(1L, seed -> seed + 1)
                    .limit(Integer.getInteger("tidemark.test.cuts", 3))
                    .map(seed -> Arguments.of(transactional, seed)));
  }

  @ParameterizedTest(name = "{0} seed {1}")
  @MethodSource("seeds")
  void atWhateverMessageItIsCutItCanBeRecovered(boolean transactional, long seed) throws Exception {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    prepare(transactional);
    Cut cut = random.nextBoolean() ? Cut.BEFORE : Cut.AFTER;
    cutApply(proxy -> proxy.at(1 + random.nextInt(transactional ? 100 : 160), cut));

    if (random.nextBoolean() && wasBegun()) {
      rollbackRestoresTheStateBefore(transactional);
    } else {
      migrator(database).apply(ApplyOptions.all());
      everythingIsThereOnce(transactional);
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("rollbackMoments")
  void whereverARollbackIsCutAnotherOneBringsItToItsEnd(
      boolean transactional, String moment, Cut cut) throws Exception {
    prepare(transactional);
    migrator(database).apply(ApplyOptions.all());
    try (CuttingProxy proxy = new CuttingProxy(database)) {
      Migrator cutOff = migrator(proxy.database());
      proxy.at(moment, cut);
      assertThatExceptionOfType(MigratorException.class)
          .isThrownBy(() -> cutOff.rollback(new RollbackOptions.Last(1)))
          .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE));
      awaitNoSessions();
    }

    if (entry().isApplied() || entry().state() == State.FAILED) {
      migrator(database).rollback(new RollbackOptions.To(EARLIER));
    }
    assertThat(catalogue()).isEqualTo(before);
    assertThat(entry().isApplied()).isFalse();
  }

  static Stream<Arguments> rollbackMoments() {
    return Stream.of(true, false)
        .flatMap(
            transactional ->
                (transactional
                        ? Stream.of(
                            "DROP TABLE two", "DROP TABLE one", "DELETE FROM tidemark", "COMMIT")
                        : Stream.of(
                            "DROP TABLE two",
                            "CREATE INDEX CONCURRENTLY two_back",
                            "DROP INDEX CONCURRENTLY two_back",
                            "DROP TABLE one",
                            "DELETE FROM tidemark"))
                    .flatMap(
                        statement ->
                            Stream.of(Cut.BEFORE, Cut.AFTER)
                                .map(cut -> Arguments.of(transactional, statement, cut))));
  }

  @Test
  void aStatementThatGoesOnAtTheServerIsNamedAndWaitedFor() throws Exception {
    execute(database, "CREATE TABLE public.patience AS SELECT 600 AS seconds");
    sets()
        .with(
            VERSION + "_long",
            "CREATE TABLE one (id int); SELECT pg_sleep(seconds) FROM patience",
            "DROP TABLE one");
    try (CuttingProxy proxy = new CuttingProxy(database)) {
      proxy.at("SELECT pg_sleep", Cut.STRANDED);
      lost(proxy);

      Entry entry = entryOnce(FailureState.STILL_RUNNING);
      String process =
          value(
              database,
              "SELECT pid FROM pg_stat_activity WHERE query LIKE '%pg_sleep(seconds)%'"
                  + " AND datname = current_database() AND pid <> pg_backend_pid()");
      assertThat(entry.finding().orElseThrow().detail()).contains("session " + process, "pg_sleep");
      assertThat(entry.finding().orElseThrow().remedy())
          .contains("pg_terminate_backend(" + process + ")");
      refused("TM-MIG-042", ExitCode.BUSY);
      assertThat(migrator(database).guide(VERSION).choices()).isEmpty();

      execute(database, "SELECT pg_terminate_backend(" + process + ")");
      awaitNoSessions();
    }
    assertThat(entry().state()).isEqualTo(State.PENDING);
    assertThat(entry().finding().orElseThrow().state()).isEqualTo(FailureState.INTERRUPTED);
    execute(database, "UPDATE public.patience SET seconds = 0");
    migrator(database).apply(ApplyOptions.all());
    assertThat(entry().state()).isEqualTo(State.APPLIED);
  }

  @Test
  void aLostSessionOfTheLockEndsTheOperationBeforeItsNextStatement() throws Exception {
    sets()
        .with(
            VERSION + "_two",
            "CREATE TABLE one (id int);"
                + " SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database d ON d.oid = database"
                + "   WHERE locktype = 'advisory' AND objsubid = 2 AND datname = current_database();"
                + " CREATE TABLE two (id int)",
            "DROP TABLE two; DROP TABLE one");

    refused("TM-MIG-005", ExitCode.UNREACHABLE);

    assertThat(catalogue()).isEqualTo(before);
    assertThat(entry().finding().orElseThrow().state()).isEqualTo(FailureState.INTERRUPTED);
  }

  /** Nothing of the journal is written between the verification and the commit but for this. */
  @Test
  void aSessionOfTheLockThatIsLostInTheVerificationLetsNothingBeCommitted() throws Exception {
    sets()
        .with(
            VERSION + "_two",
            true,
            "CREATE TABLE one (id int)",
            "DROP TABLE one",
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks"
                + " JOIN pg_database d ON d.oid = database"
                + " WHERE locktype = 'advisory' AND objsubid = 2 AND datname = current_database()");

    refused("TM-MIG-005", ExitCode.UNREACHABLE);

    assertThat(catalogue()).isEqualTo(before);
    assertThat(entry().finding().orElseThrow().state()).isEqualTo(FailureState.INTERRUPTED);
  }

  @Test
  void aLostWorkingSessionIsToldApartFromAFailure() throws Exception {
    sets()
        .with(
            VERSION + "_two",
            "CREATE TABLE one (id int); SELECT pg_terminate_backend(pg_backend_pid())",
            "DROP TABLE one");

    refused("TM-MIG-005", ExitCode.UNREACHABLE);

    assertThat(entry().state()).isEqualTo(State.PENDING);
    assertThat(entry().finding().orElseThrow().state()).isEqualTo(FailureState.INTERRUPTED);
    assertThat(entry().finding().orElseThrow().resumable()).isTrue();
  }

  @Test
  void anEditedStatementThatWasDoneStandsInTheWayOfGoingOn() throws Exception {
    prepare(false);
    cutApply(proxy -> proxy.at("CREATE INDEX CONCURRENTLY", Cut.BEFORE));
    sets()
        .with(
            VERSION + "_set",
            false,
            String.join("; ", STEPS).replace("VALUES (1)", "VALUES (7)"),
            "DROP TABLE two; DROP TABLE one",
            "SELECT true");

    assertThat(entry().finding().orElseThrow().detail()).contains("statement 2 was edited since");
    refused("TM-MIG-038", ExitCode.PARTIAL);
    assertThat(value(database, "SELECT count(*) FROM one")).isEqualTo("1");
  }

  @Test
  void whatNobodyCanTellIsAskedFor() throws Exception {
    execute(
        database,
        "CREATE TABLE public.calls (id int)",
        "CREATE PROCEDURE public.call_once() LANGUAGE plpgsql AS"
            + " $$ BEGIN INSERT INTO public.calls VALUES (1); COMMIT; PERFORM pg_sleep(600); END $$");
    sets().with(VERSION + "_call", false, "CALL call_once()", "TRUNCATE calls", "SELECT true");
    try (CuttingProxy proxy = new CuttingProxy(database)) {
      Thread cutter = cutWhen(proxy, "SELECT count(*) FROM calls");
      lost(proxy);
      cutter.join();
      awaitNoSessions();
    }
    assertThat(entry().finding().orElseThrow().detail()).contains("nobody can tell");
    refused("TM-MIG-038", ExitCode.PARTIAL);

    execute(
        database,
        "CREATE OR REPLACE PROCEDURE public.call_once() LANGUAGE sql AS $$ INSERT INTO public.calls VALUES (2) $$");
    migrator(database).resolve(VERSION, Resolution.RETRY, "looked: a second call does no harm");
    migrator(database).apply(ApplyOptions.all());
    assertThat(column(database, "SELECT id FROM calls ORDER BY id")).containsExactly("1", "2");
  }

  /** Breaks the network once a query of another session gives something but 0. */
  private Thread cutWhen(CuttingProxy proxy, String query) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (value(database, query).equals("0")) {
                  Thread.sleep(20);
                }
                proxy.close();
              } catch (SQLException | InterruptedException | IOException e) {
                throw new IllegalStateException(e);
              }
            });
    thread.start();
    return thread;
  }

  /** Of the commits, that of the change set or of its second statement. */
  private static void at(CuttingProxy proxy, boolean transactional, String moment, Cut cut) {
    String earlier = transactional ? "INTO \"tidemark\".\"change_set_history\"" : "INSERT INTO one";
    proxy.at(moment.equals("COMMIT") ? earlier : "", moment, cut);
  }

  private interface Moment {
    void choose(CuttingProxy proxy);
  }

  private void prepare(boolean transactional) {
    if (transactional) {
      sets()
          .with(
              VERSION + "_set",
              true,
              String.join("; ", WHOLE),
              "DROP TABLE two; DROP TABLE one",
              "SELECT count(*) = 1 FROM one");
    } else {
      sets()
          .with(
              VERSION + "_set",
              false,
              String.join("; ", STEPS),
              "DROP TABLE two; CREATE INDEX CONCURRENTLY two_back ON one (id);"
                  + " DROP INDEX CONCURRENTLY two_back; DROP TABLE one",
              "SELECT count(*) = 2 FROM one");
    }
  }

  /** Applies through a network that breaks; what comes after its moment is not reached. */
  private void cutApply(Moment moment) throws Exception {
    try (CuttingProxy proxy = new CuttingProxy(database)) {
      moment.choose(proxy);
      try {
        migrator(proxy.database()).apply(ApplyOptions.all());
      } catch (MigratorException e) {
        assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
      }
      awaitNoSessions();
    }
  }

  private void lost(CuttingProxy proxy) {
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> migrator(proxy.database()).apply(ApplyOptions.all()))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE));
  }

  /** What is there is read from the catalogue; what was committed together is there together. */
  private void statusTellsTheTruth(boolean transactional) throws SQLException {
    Entry entry = entry();
    boolean some = !catalogue().equals(before);
    if (transactional) {
      assertThat(entry.isApplied()).isEqualTo(some);
      assertThat(entry.state()).isEqualTo(some ? State.APPLIED : State.PENDING);
    } else if (some && !entry.isApplied()) {
      assertThat(entry.state()).isEqualTo(State.FAILED);
      assertThat(entry.finding().orElseThrow().resumable()).isTrue();
    }
    assertThat(migrator(database).status().operator()).isEmpty();
  }

  private void rollbackRestoresTheStateBefore(boolean transactional) throws SQLException {
    boolean applied = entry().isApplied();
    migrator(database).rollback(new RollbackOptions.Last(1));

    assertThat(catalogue()).isEqualTo(before);
    assertThat(migrator(database).status().version()).contains(EARLIER);
    if (!applied) {
      assertThat(entry().finding().orElseThrow().state()).isEqualTo(FailureState.ROLLED_BACK);
      refused("TM-MIG-038", ExitCode.PARTIAL);
      migrator(database).resolve(VERSION, Resolution.RETRY, "the network is mended");
    }
    migrator(database).apply(ApplyOptions.all());
    everythingIsThereOnce(transactional);
  }

  private void everythingIsThereOnce(boolean transactional) throws SQLException {
    assertThat(column(database, "SELECT id FROM one ORDER BY id"))
        .containsExactlyElementsOf(transactional ? List.of("1") : List.of("1", "2"));
    assertThat(value(database, "SELECT to_regclass('two')")).isEqualTo("two");
    assertThat(value(database, "SELECT to_regclass('one_id')")).isNull();
    assertThat(migrator(database).status().entries())
        .allMatch(entry -> entry.state() == State.APPLIED && entry.finding().isEmpty());
    assertThat(
            column(
                database,
                "SELECT version FROM tidemark.change_set_history GROUP BY 1 HAVING count(*) > 1"))
        .isEmpty();
  }

  private boolean wasBegun() throws SQLException {
    return !column(
            database, "SELECT 1 FROM tidemark.runs WHERE change_set = '%s'".formatted(VERSION))
        .isEmpty();
  }

  private Entry entryOnce(FailureState state) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      Entry entry = entry();
      if (entry.finding().filter(finding -> finding.state() == state).isPresent()) {
        return entry;
      }
      assertThat(System.nanoTime()).as("%s, not %s", state, entry).isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  private static void awaitNoSessions() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!column(
            database,
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                + " AND backend_type = 'client backend' AND pid <> pg_backend_pid()")
        .isEmpty()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.sleep(10);
    }
  }

  private void refused(String code, ExitCode exitCode) {
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> migrator(database).apply(ApplyOptions.all()))
        .satisfies(e -> assertThat(e.code()).isEqualTo(code))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(exitCode));
  }

  private Entry entry() {
    return migrator(database).status().entries().stream()
        .filter(entry -> entry.version().equals(VERSION))
        .findFirst()
        .orElseThrow();
  }

  private String catalogue() throws SQLException {
    try (Connection connection = database.connect()) {
      return CatalogueLines.read(connection);
    }
  }

  private Migrator migrator(Database through) {
    List<ChangeSet> changeSets = sets().read();
    return Migrator.open(through, SETTINGS, changeSets);
  }

  private ChangeSetFolder sets() {
    return new ChangeSetFolder(folder);
  }
}
