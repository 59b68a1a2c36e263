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
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.testing.PostgresExtension;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class MigratorIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final MigratorSettings SETTINGS =
      new MigratorSettings(
          Duration.ofMillis(300), 3, Duration.ofMillis(20), Map.of("place", "harbour"));

  @TempDir Path folder;

  private final Database database = POSTGRES.newDatabase();
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());

  @Test
  void theChangeSetsOfTheProgramGoForwardAndBackExactly() throws Exception {
    Migrator migrator = Migrator.open(database, Settings.parse(""));
    List<String> before = catalogue();

    OperationResult applied = migrator.apply(ApplyOptions.all());
    List<String> after = catalogue();
    OperationResult rolledBack = migrator.rollback(new RollbackOptions.To("0"));

    assertThat(catalogue()).isEqualTo(before);
    assertThat(rolledBack.steps()).hasSameSizeAs(applied.steps());
    assertThat(rolledBack.version()).isEmpty();

    migrator.apply(ApplyOptions.all());
    assertThat(catalogue()).isEqualTo(after);
    assertThat(after).hasSizeGreaterThan(before.size() + 100);
  }

  @Test
  void eachChangeSetOfTheProgramGoesBackByItself() throws Exception {
    Migrator migrator = Migrator.open(database, Settings.parse(""));
    for (Entry entry : migrator.status().entries()) {
      List<String> before = catalogue();
      migrator.apply(ApplyOptions.to(entry.version()));
      migrator.rollback(new RollbackOptions.Last(1));
      assertThat(catalogue()).as(entry.description()).isEqualTo(before);
      migrator.apply(ApplyOptions.to(entry.version()));
    }
    assertThat(migrator.status().entries()).allMatch(entry -> entry.state() == State.APPLIED);
  }

  @Test
  void everythingThatChangeSetsMakeIsCommented() throws Exception {
    Migrator.open(database, Settings.parse("")).apply(ApplyOptions.all());

    assertThat(
            column(
                database,
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                    + " AND relkind IN ('r', 'p', 'v', 'm')"
                    + " AND obj_description(oid, 'pg_class') IS NULL"))
        .isEmpty();
    assertThat(
            column(
                database,
                "SELECT attrelid::regclass || '.' || attname FROM pg_attribute"
                    + " JOIN pg_class c ON c.oid = attrelid"
                    + " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')"
                    + " AND attnum > 0 AND col_description(attrelid, attnum) IS NULL"))
        .isEmpty();
    assertThat(
            column(
                database,
                "SELECT oid::regprocedure FROM pg_proc AS p WHERE pronamespace ="
                    + " 'public'::regnamespace AND obj_description(oid, 'pg_proc') IS NULL AND NOT"
                    + " EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')"))
        .isEmpty();
    assertThat(
            column(
                database,
                "SELECT oid::regtype FROM pg_type WHERE typnamespace = 'public'::regnamespace"
                    + " AND typtype IN ('e', 'd') AND obj_description(oid, 'pg_type') IS NULL"))
        .isEmpty();
  }

  @Test
  void applyStopsAtTheGivenVersionAndASecondTimeDoesNothing() {
    twoTables();

    assertThat(migrator().apply(ApplyOptions.to("202601010001")).version())
        .contains("202601010001");
    assertThat(states()).containsExactly(State.APPLIED, State.PENDING);
    assertThat(migrator().apply(ApplyOptions.to("202601010001_one")).steps()).isEmpty();

    OperationResult rest = migrator().apply(ApplyOptions.all());
    assertThat(rest.steps()).extracting(Step::description).containsExactly("two");
    assertThat(migrator().apply(ApplyOptions.all()).steps()).isEmpty();
  }

  @Test
  void rollbackGoesBackToAVersionThatStays() throws SQLException {
    twoTables();
    migrator().apply(ApplyOptions.all());

    OperationResult result = migrator().rollback(new RollbackOptions.To("202601010001"));

    assertThat(result.steps()).extracting(Step::version).containsExactly("202601010002");
    assertThat(result.version()).contains("202601010001");
    assertThat(tables()).containsExactly("one");
    assertRefused(
        "TM-MIG-034",
        ExitCode.USAGE,
        () -> migrator().rollback(new RollbackOptions.To("202601010002")));
  }

  @Test
  void scriptsSeeTheSearchPathOfTheRoleAndTheConfiguredPlaceholders() throws SQLException {
    changeSets()
        .with("202601010001_one", "CREATE TABLE ${place} (id int)", "DROP TABLE public.${place}");

    migrator().apply(ApplyOptions.all());

    assertThat(value(database, "SELECT 'public.harbour'::regclass")).isEqualTo("harbour");
    migrator().rollback(new RollbackOptions.Last(5));
    assertThat(tables()).isEmpty();
  }

  @Test
  void aFailingStatementIsNamedWithAllThatHelpsAndLeavesNothing() throws SQLException {
    changeSets()
        .with("202601010001_one", "CREATE TABLE one (id int)", "DROP TABLE one")
        .with(
            "202601010002_two",
            "CREATE TABLE two (id int);\n-- words\nINSERT INTO two\n  VALUES ('x');",
            "DROP TABLE two");

    assertRefused(
        "TM-MIG-032",
        ExitCode.PARTIAL,
        () -> migrator().apply(ApplyOptions.all()),
        "202601010002_two/apply.sql",
        "line 3",
        "statement 2 of 2",
        "22P02",
        "INSERT INTO two VALUES ('x')");
    assertThat(tables()).containsExactly("one");
    assertThat(states()).containsExactly(State.APPLIED, State.PENDING);
  }

  @Test
  void aVerificationThatDoesNotHoldUndoesTheChangeSet() throws SQLException {
    for (String verify :
        List.of(
            "SELECT false",
            "SELECT null::boolean",
            "SELECT true WHERE false",
            "SELECT true UNION ALL SELECT true",
            "SELECT 1",
            "SELECT true, true")) {
      changeSets()
          .with(
              "202601010001_one",
              true,
              "CREATE TABLE one (id int)",
              "DROP TABLE one",
              "SELECT true;\n" + verify);

      assertRefused(
          "TM-MIG-033",
          ExitCode.PARTIAL,
          () -> migrator().apply(ApplyOptions.all()),
          "verify.sql line 2");
      assertThat(tables()).as(verify).isEmpty();
      assertThat(states()).containsExactly(State.PENDING);
    }
  }

  @Test
  void whatPostgresRefusesInATransactionRunsWithoutOne() throws SQLException {
    changeSets()
        .with("202601010001_one", "CREATE TABLE one (id int)", "DROP TABLE one")
        .with(
            "202601010002_two",
            false,
            "CREATE INDEX CONCURRENTLY one_id ON one (id)",
            "DROP INDEX CONCURRENTLY one_id",
            "SELECT indisvalid FROM pg_index WHERE indexrelid = 'one_id'::regclass");

    migrator().apply(ApplyOptions.all());
    assertThat(states()).containsExactly(State.APPLIED, State.APPLIED);

    migrator().rollback(new RollbackOptions.Last(1));
    assertThat(value(database, "SELECT to_regclass('one_id')")).isNull();
  }

  @Test
  void aChangeSetWithoutTransactionThatStoppedPartWayIsNotAppliedAgainBeforeItIsRolledBack()
      throws SQLException {
    changeSets()
        .with(
            "202601010001_one",
            false,
            "CREATE TABLE one (id int); SELECT 1 / 0",
            "DROP TABLE one",
            "SELECT true");

    assertRefused(
        "TM-MIG-032",
        ExitCode.PARTIAL,
        () -> migrator().apply(ApplyOptions.all()),
        "statements before it are done");
    assertThat(states()).containsExactly(State.FAILED);
    assertRefused(
        "TM-MIG-038", ExitCode.PARTIAL, () -> migrator().apply(ApplyOptions.all()), "rollback");

    migrator().rollback(new RollbackOptions.Last(1));
    assertThat(tables()).isEmpty();
    changeSets().with("202601010001_one", "CREATE TABLE one (id int)", "DROP TABLE one");
    migrator().apply(ApplyOptions.all());
    assertThat(tables()).containsExactly("one");
  }

  @Test
  void aRollbackThatFailsLeavesTheChangeSetApplied() throws SQLException {
    changeSets()
        .with("202601010001_one", "CREATE TABLE one (id int)", "DROP TABLE one; DROP TABLE none");
    migrator().apply(ApplyOptions.all());

    assertRefused(
        "TM-MIG-032",
        ExitCode.PARTIAL,
        () -> migrator().rollback(new RollbackOptions.Last(1)),
        "rollback.sql",
        "42P01");
    assertThat(tables()).containsExactly("one");
    assertThat(states()).containsExactly(State.APPLIED);
  }

  @Test
  void aLockThatIsNotGivenEndsInAFailureThatNamesWhoHasIt() throws SQLException {
    changeSets().with("202601010001_one", "ALTER TABLE busy ADD n int", "ALTER TABLE busy DROP n");
    execute(database, "CREATE TABLE busy (id int)");
    try (Connection other = database.connect()) {
      other.setAutoCommit(false);
      String session = value(other, "SELECT pg_backend_pid()");
      execute(other, "LOCK TABLE busy IN ACCESS SHARE MODE");

      assertRefused(
          "TM-MIG-031",
          ExitCode.BUSY,
          () -> migrator().apply(ApplyOptions.all()),
          "3 attempts",
          "session " + session,
          "LOCK TABLE busy IN ACCESS SHARE MODE");
    }
    assertThat(told).filteredOn(line -> line.contains("no lock in attempt")).hasSize(2);
    assertThat(states()).containsExactly(State.PENDING);
  }

  @Test
  void aLockThatIsGivenLateIsTakenAndWhatCameBeforeIsKept() throws Exception {
    changeSets()
        .with(
            "202601010001_one",
            "CREATE TABLE one (id int); ALTER TABLE busy ADD n int; INSERT INTO one VALUES (1)",
            "DROP TABLE one; ALTER TABLE busy DROP n");
    execute(database, "CREATE TABLE busy (id int)");
    CountDownLatch waiting = new CountDownLatch(1);
    Connection other = database.connect();
    other.setAutoCommit(false);
    execute(other, "LOCK TABLE busy IN ACCESS SHARE MODE");

    CompletableFuture<OperationResult> applied =
        CompletableFuture.supplyAsync(
            () ->
                migrator()
                    .observedBy(
                        new Told(
                            line -> {
                              if (line.contains("no lock in attempt 1")) {
                                waiting.countDown();
                              }
                            }))
                    .apply(ApplyOptions.all()));
    waiting.await();
    other.close();

    assertThat(applied.get().steps()).hasSize(1);
    assertThat(value(database, "SELECT count(*) FROM one")).isEqualTo("1");
    assertThat(value(database, "SELECT count(n) FROM busy")).isEqualTo("0");
  }

  @Test
  void anIndexThatWasNotFinishedForWantOfALockIsBuiltAnew() throws Exception {
    changeSets()
        .with(
            "202601010001_one",
            false,
            "CREATE INDEX CONCURRENTLY busy_id ON busy (id)",
            "DROP INDEX CONCURRENTLY busy_id",
            "SELECT indisvalid FROM pg_index WHERE indexrelid = 'busy_id'::regclass");
    execute(database, "CREATE TABLE busy (id int)");
    CountDownLatch waiting = new CountDownLatch(1);
    Connection other = database.connect();
    other.setAutoCommit(false);
    execute(other, "INSERT INTO busy VALUES (1)");

    CompletableFuture<OperationResult> applied =
        CompletableFuture.supplyAsync(
            () ->
                migrator()
                    .observedBy(
                        new Told(
                            line -> {
                              if (line.contains("no lock in attempt 1")) {
                                waiting.countDown();
                              }
                            }))
                    .apply(ApplyOptions.all()));
    waiting.await();
    assertThat(
            value(
                database, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'busy_id'::regclass"))
        .isEqualTo("f");
    other.close();

    assertThat(applied.get().steps()).hasSize(1);
    assertThat(states()).containsExactly(State.APPLIED);
  }

  @Test
  void aSecondMigratorIsTurnedAwayWithTheNameOfTheFirst() throws Exception {
    changeSets().with("202601010001_one", "SELECT 1; LOCK TABLE gate; SELECT 2", "SELECT 1");
    execute(database, "CREATE TABLE gate (id int)");
    MigratorSettings patient =
        new MigratorSettings(Duration.ofMinutes(1), 1, Duration.ZERO, Map.of());
    Connection gate = database.connect();
    gate.setAutoCommit(false);
    execute(gate, "LOCK TABLE gate");
    CountDownLatch started = new CountDownLatch(2);
    CompletableFuture<OperationResult> first =
        CompletableFuture.supplyAsync(
            () ->
                Migrator.open(database, patient, changeSets().read())
                    .observedBy(new Told(line -> started.countDown()))
                    .apply(ApplyOptions.all()));
    started.await();

    assertRefused(
        "TM-MIG-030", ExitCode.BUSY, () -> migrator().apply(ApplyOptions.all()), "holds", "since");
    assertRefused(
        "TM-MIG-030",
        ExitCode.BUSY,
        () -> migrator().rollback(new RollbackOptions.Last(1)),
        "session ");
    assertThat(migrator().status().operator()).isPresent();

    gate.close();
    assertThat(first.get().steps()).hasSize(1);
    assertThat(migrator().status().operator()).isEmpty();
  }

  @Test
  void anEditOfAnAppliedChangeSetIsNoticedAndOneOfItsCommentsIsNot() {
    twoTables();
    migrator().apply(ApplyOptions.all());
    changeSets()
        .with("202601010001_one", "/* new words */ CREATE TABLE one(id int);", "DROP TABLE one");
    assertThat(states()).containsExactly(State.APPLIED, State.APPLIED);

    changeSets().with("202601010001_one", "CREATE TABLE one (id bigint)", "DROP TABLE one");

    assertThat(states()).containsExactly(State.EDITED, State.APPLIED);
    assertRefused("TM-MIG-036", ExitCode.MISMATCH, () -> migrator().apply(ApplyOptions.all()));
    assertRefused(
        "TM-MIG-036",
        ExitCode.MISMATCH,
        () -> migrator().rollback(new RollbackOptions.To("0")),
        "202601010001_one");
  }

  @Test
  void aSchemaNewerThanTheProgramIsLeftAlone() {
    twoTables();
    migrator().apply(ApplyOptions.all());
    List<ChangeSet> older = changeSets().read().subList(0, 1);

    Migrator old = Migrator.open(database, SETTINGS, older);

    assertThat(old.status().entries())
        .extracting(Entry::state)
        .containsExactly(State.APPLIED, State.UNKNOWN);
    assertRefused(
        "TM-MIG-035", ExitCode.USAGE, () -> old.apply(ApplyOptions.all()), "202601010002");
    assertRefused("TM-MIG-035", ExitCode.USAGE, () -> old.rollback(new RollbackOptions.Last(1)));
  }

  @Test
  void aChangeSetThatComesTooLateIsRefused() {
    twoTables();
    migrator().apply(ApplyOptions.all());
    changeSets().with("202601010000_zero", "CREATE TABLE zero (id int)", "DROP TABLE zero");

    assertThat(states()).containsExactly(State.LATE, State.APPLIED, State.APPLIED);
    assertRefused("TM-MIG-037", ExitCode.REFUSED, () -> migrator().apply(ApplyOptions.all()));
  }

  @Test
  void statusMakesNothing() throws Exception {
    twoTables();

    migrator().status();

    assertThat(value(database, "SELECT to_regnamespace('tidemark')")).isNull();
  }

  @Test
  void aWrongPasswordAndAnUnknownDatabaseAreToldApart() {
    Database unknown = POSTGRES.server().named("no_such_database");
    assertRefused("TM-MIG-004", ExitCode.UNREACHABLE, unknown::connect, "no_such_database");
    Database stranger = new Database(database.jdbcUrl(), "no_such_user", "wrong");
    assertRefused("TM-MIG-003", ExitCode.UNREACHABLE, stranger::connect, "no_such_user");
  }

  @Test
  void aRoleWithoutRightsIsToldSo() throws SQLException {
    twoTables();
    execute(
        database,
        "CREATE ROLE stranger_%s LOGIN PASSWORD 'x'".formatted(ProcessHandle.current().pid()));
    Database stranger =
        new Database(database.jdbcUrl(), "stranger_" + ProcessHandle.current().pid(), "x");

    assertRefused(
        "TM-MIG-039",
        ExitCode.UNREACHABLE,
        () -> Migrator.open(stranger, SETTINGS, changeSets().read()).apply(ApplyOptions.all()),
        "permission denied");
    execute(database, "DROP ROLE stranger_" + ProcessHandle.current().pid());
  }

  /** Hears everything alike. */
  private record Told(Consumer<String> listener) implements OperationObserver {
    @Override
    public void progress(String line) {
      listener.accept(line);
    }

    @Override
    public void notice(String line) {
      listener.accept(line);
    }
  }

  private void twoTables() {
    changeSets()
        .with("202601010001_one", "CREATE TABLE one (id int)", "DROP TABLE one")
        .with("202601010002_two", "CREATE TABLE two (id int)", "DROP TABLE two");
  }

  private ChangeSetFolder changeSets() {
    return new ChangeSetFolder(folder);
  }

  private Migrator migrator() {
    return Migrator.open(database, SETTINGS, changeSets().read()).observedBy(new Told(told::add));
  }

  private List<State> states() {
    return migrator().status().entries().stream().map(Entry::state).toList();
  }

  private List<String> tables() throws SQLException {
    return column(
        database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1");
  }

  private List<String> catalogue() throws SQLException, IOException {
    try (InputStream sql = MigratorIT.class.getResourceAsStream("catalogue.sql")) {
      return column(database, new String(sql.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static void assertRefused(
      String code, ExitCode exitCode, Runnable operation, String... words) {
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(operation::run)
        .satisfies(e -> assertThat(e.code()).isEqualTo(code))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(exitCode))
        .satisfies(e -> assertThat(List.of(words)).allMatch(e.getMessage()::contains));
  }
}
