package dev.tidemark.migrator.trace;

import static dev.tidemark.migrator.testing.Sql.column;
import static dev.tidemark.migrator.testing.Sql.execute;
import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.migrator.changeset.Script;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.testing.PostgresExtension;
import dev.tidemark.migrator.trace.StatementTrace.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TracerIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private final Database database = POSTGRES.newDatabase();
  private final Tracer tracer = new Tracer(database, Map.of("word", "filled"));

  @AfterEach
  void close() {
    tracer.close();
  }

  @Test
  void madeUpRowsKeepTheRulesOfTheirTables() throws SQLException {
    given(
        """
        CREATE TYPE mood AS ENUM ('good', 'bad');
        CREATE TABLE parents (
          a uuid, b text, PRIMARY KEY (a, b), status text NOT NULL CHECK (status IN ('x', 'y')),
          mood mood NOT NULL, hash bytea NOT NULL CHECK (octet_length(hash) = 32),
          code smallint NOT NULL CHECK (code >= 100), slug varchar(3) NOT NULL CHECK (slug ~ '^[a-z0-9]+$'));
        CREATE TABLE children (
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a uuid NOT NULL, b text NOT NULL, note text,
          FOREIGN KEY (a, b) REFERENCES parents);
        CREATE TABLE parts (at timestamptz NOT NULL, tags text[] NOT NULL) PARTITION BY RANGE (at);
        CREATE TABLE parts_rest PARTITION OF parts DEFAULT;
        CREATE TABLE stubborn (id bigint PRIMARY KEY CHECK (false));
        """);

    tracer.makeRows();

    for (String table : List.of("parents", "children", "parts", "parts_rest")) {
      assertThat(value(database, "SELECT count(*) FROM " + table)).as(table).isEqualTo("12");
    }
    assertThat(value(database, "SELECT count(*) FROM stubborn")).isEqualTo("0");
    // A nullable column has both, so that statements meet both.
    assertThat(value(database, "SELECT count(note) BETWEEN 1 AND 11 FROM children")).isEqualTo("t");
  }

  @Test
  void locksAreThoseOfEachStatement() {
    given("CREATE TABLE one (id bigint); CREATE TABLE other (id bigint);");
    Trace trace =
        trace(
            "ALTER TABLE one ADD COLUMN a text; COMMENT ON TABLE other IS '${word}'; SELECT 1;",
            true);

    long one = id(trace, "one");
    long other = id(trace, "other");
    StatementTrace first = trace.statements().get(0);
    assertThat(first.lock(one)).contains(LockMode.ACCESS_EXCLUSIVE);
    assertThat(first.held()).isEmpty();
    StatementTrace second = trace.statements().get(1);
    assertThat(second.lock(one)).isEmpty();
    assertThat(second.heldLock(one)).contains(LockMode.ACCESS_EXCLUSIVE);
    assertThat(second.lock(other)).contains(LockMode.SHARE_UPDATE_EXCLUSIVE);
    assertThat(trace.statements().get(2).taken()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsReadAfterAStatementIsWhatTheCatalogueHolds(boolean transactional) {
    given(
        """
        CREATE SCHEMA side;
        CREATE TYPE mood AS ENUM ('good', 'bad');
        CREATE FUNCTION least_id() RETURNS bigint LANGUAGE sql IMMUTABLE RETURN 0;
        CREATE TABLE one (
          id bigint DEFAULT least_id() CHECK (id >= least_id()), mood mood DEFAULT 'good' CHECK (mood <> 'bad'),
          note text NOT NULL DEFAULT 'x');
        CREATE POLICY seen ON one USING (id > 0) WITH CHECK (note <> '');
        CREATE VIEW shown AS SELECT id, note FROM one;
        CREATE VIEW shown_twice AS SELECT note FROM shown;
        """);
    List<String> statements =
        List.of(
            "ALTER TABLE one RENAME COLUMN note TO remark",
            "ALTER TABLE one RENAME TO first",
            "ALTER FUNCTION least_id() RENAME TO smallest_id",
            "ALTER FUNCTION smallest_id() SET SCHEMA side",
            "ALTER SCHEMA side RENAME TO other",
            "ALTER TYPE mood RENAME VALUE 'bad' TO 'worse'",
            "ALTER TYPE mood RENAME TO humour",
            "ALTER VIEW shown RENAME COLUMN note TO told",
            "CREATE OR REPLACE VIEW shown AS SELECT id, remark || '!' AS told FROM first",
            "ALTER TABLE first ALTER COLUMN remark SET DEFAULT 'y', ADD CHECK (remark <> 'z') NOT VALID",
            "ALTER TABLE first VALIDATE CONSTRAINT first_remark_check",
            "ALTER POLICY seen ON first USING (id > 1)",
            "ALTER TABLE first ALTER COLUMN remark DROP DEFAULT, DROP CONSTRAINT first_remark_check",
            "DROP VIEW shown_twice",
            "GRANT SELECT ON first TO PUBLIC",
            "CREATE TABLE second (id bigint DEFAULT 7 CHECK (id > 6))");
    for (String statement : statements) {
      Trace trace = trace(statement + ";", transactional);

      assertThat(trace.after()).as(statement).isEqualTo(tracer.snapshot());
    }
    assertThat(
            trace(
                    String.join(";", statements.subList(15, 16)).replace("second", "third")
                        + ";"
                        + " ALTER TABLE third RENAME COLUMN id TO number; ALTER TABLE third RENAME TO last;",
                    transactional)
                .after())
        .isEqualTo(tracer.snapshot());
  }

  @Test
  void wordsOfWhatWasUndoneAreReadAnew() {
    given("CREATE TABLE one (id bigint DEFAULT 1, note text CONSTRAINT told CHECK (note <> 'a'));");
    tracer.makeRows();
    Trace trace =
        trace(
            "ALTER TABLE one ALTER COLUMN id SET DEFAULT 2; ALTER TABLE one ADD CHECK (id IS NULL);"
                + " ALTER TABLE one ALTER COLUMN id SET DEFAULT 3;",
            true);

    assertThat(trace.statements().get(1).outcome()).isEqualTo(Outcome.FAILED_ON_ROWS);
    assertThat(trace.statements().get(0).before().all(Kind.COLUMN))
        .extracting(column -> column.text("default"))
        .containsOnly("1", "");
    assertThat(trace.after()).isEqualTo(tracer.snapshot());
  }

  /**
   * A transaction has its number from its beginning: what it commits between two readings may be
   * older than what the first one has seen.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void wordsThatATransactionOfOthersCommitsBetweenTwoReadingsAreReadAnew(boolean transactional)
      throws Exception {
    given(
        """
        CREATE TABLE one (id bigint DEFAULT 1);
        CREATE POLICY seen ON one USING (id > 1);
        CREATE TABLE other (id bigint DEFAULT 1);
        """);
    Trace trace;
    try (Connection foreign = database.connect()) {
      foreign.setAutoCommit(false);
      execute(foreign, "SELECT pg_current_xact_id(), pg_advisory_xact_lock(7)");
      // A younger one that has ended says nothing about it.
      execute(database, "SELECT pg_current_xact_id()");
      CompletableFuture<Trace> traced =
          CompletableFuture.supplyAsync(
              () ->
                  trace(
                      "ALTER TABLE other ALTER COLUMN id SET DEFAULT 2;"
                          + " SELECT pg_advisory_xact_lock(7);"
                          + " ALTER TABLE one ADD COLUMN note text;",
                      transactional));
      String waiting =
          "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7 AND NOT granted"
              + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
      for (int i = 0; i < 500 && value(database, waiting).equals("0"); i++) {
        Thread.sleep(20);
      }
      assertThat(value(database, waiting)).isEqualTo("1");
      execute(
          foreign,
          "ALTER TABLE one ALTER COLUMN id SET DEFAULT 5, ADD CHECK (id > 2)",
          "ALTER POLICY seen ON one USING (id > 3)");
      foreign.commit();
      trace = traced.get(1, TimeUnit.MINUTES);
    }

    assertThat(trace.after()).isEqualTo(tracer.snapshot());
    assertThat(trace.after().all(Kind.COLUMN))
        .extracting(column -> column.text("default"))
        .containsExactlyInAnyOrder("5", "2", "");
  }

  @Test
  void aStatementOutsideOfTransactionsShowsItsLocksToo() {
    given("CREATE TABLE one (id bigint); INSERT INTO one SELECT generate_series(1, 1000);");
    Trace trace = trace("CREATE INDEX CONCURRENTLY idx_one ON one (id);", false);

    StatementTrace statement = trace.statements().get(0);
    assertThat(statement.outcome()).isEqualTo(Outcome.DONE);
    assertThat(statement.lock(id(trace, "one"))).contains(LockMode.SHARE_UPDATE_EXCLUSIVE);
    assertThat(statement.activity(id(trace, "one")).scans()).isPositive();
    assertThat(trace.after().all(Kind.INDEX)).extracting(CatalogueObject::name).contains("idx_one");
  }

  @Test
  void partitionsLetGoConcurrentlyAskForTheStrongestLockOnThemselvesOnly() {
    given(
        """
        CREATE TABLE parts (at date NOT NULL) PARTITION BY RANGE (at);
        CREATE TABLE parts_2026 PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
        """);
    StatementTrace statement =
        trace("ALTER TABLE parts DETACH PARTITION parts_2026 CONCURRENTLY;", false)
            .statements()
            .get(0);

    long parent =
        statement
            .before()
            .all(Kind.TABLE)
            .filter(t -> t.name().equals("parts"))
            .findFirst()
            .orElseThrow()
            .id();
    assertThat(statement.lock(parent)).contains(LockMode.SHARE_UPDATE_EXCLUSIVE);
  }

  @Test
  void scansAndRewritesAreSeenAndAreNotClaimedWhereThereAreNone() {
    given("CREATE TABLE one (id bigint, n integer, note varchar(10));");
    Trace trace =
        trace(
            "ALTER TABLE one ALTER COLUMN n TYPE bigint;"
                + "ALTER TABLE one ALTER COLUMN note TYPE text;"
                + "ALTER TABLE one ALTER COLUMN id SET NOT NULL;"
                + "ALTER TABLE one ADD CONSTRAINT c CHECK (n > 0) NOT VALID;",
            true);

    long one = id(trace, "one");
    assertThat(trace.statements())
        .extracting(s -> s.rewrote(one))
        .containsExactly(true, false, false, false);
    assertThat(trace.statements())
        .extracting(s -> s.activity(one).scans() > 0)
        .containsExactly(true, false, true, false);
  }

  @Test
  void aRenamedTableIsTheSameTable() {
    given("CREATE TABLE one (id bigint);");
    Trace trace = trace("ALTER TABLE one RENAME TO two;", true);

    assertThat(trace.before().added(trace.after())).isEmpty();
    assertThat(trace.before().removed(trace.after())).isEmpty();
    assertThat(trace.before().changed(trace.after()))
        .filteredOn(change -> change.after().kind() == Kind.TABLE)
        .extracting(change -> change.before().name() + " " + change.after().name())
        .containsExactly("one two");
  }

  @Test
  void whatMadeUpRowsMakeFailIsTracedOnEmptyTables() {
    given("CREATE TABLE one (id bigint);");
    tracer.makeRows();
    Trace trace =
        trace("CREATE TABLE two (id bigint); ALTER TABLE one ADD COLUMN a bigint NOT NULL;", true);

    assertThat(trace.statements())
        .extracting(StatementTrace::outcome)
        .containsExactly(Outcome.DONE, Outcome.FAILED_ON_ROWS);
    assertThat(trace.statements().get(1).explanation()).contains("null values");
    assertThat(trace.after().all(Kind.COLUMN)).extracting(CatalogueObject::name).contains("a");
  }

  @Test
  void aScriptThatIsWrongNamesTheLine() throws SQLException {
    given("CREATE TABLE one (id bigint);");

    assertThatThrownBy(() -> trace("SELECT 1;\nALTER TABLE none ADD COLUMN a text;", true))
        .isInstanceOf(MigratorException.class)
        .hasMessageContaining("Line 2 of script.sql")
        .hasMessageContaining("42P01");
  }

  @Test
  void aScriptsOwnSearchPathDoesNotChangeWhatIsSeen() {
    given("CREATE TYPE mood AS ENUM ('good'); CREATE TABLE one (id bigint, mood mood);");
    Trace trace = trace("SET LOCAL search_path = pg_catalog; SELECT 1;", true);

    assertThat(trace.before().changed(trace.after()))
        .extracting(change -> change.after().name())
        .containsExactly("search_path");
  }

  @Test
  void theRolesOfAScriptGoWithTheTracer() throws SQLException {
    trace("CREATE ROLE tracer_passing; CREATE TABLE one (id bigint);", true);
    String roles = "SELECT rolname FROM pg_roles WHERE rolname = 'tracer_passing'";
    assertThat(column(database, roles)).hasSize(1);

    tracer.close();

    assertThat(column(database, roles)).isEmpty();
  }

  private void given(String sql) {
    tracer.prepare(Script.of("given.sql", sql), false);
  }

  private Trace trace(String sql, boolean transactional) {
    return tracer.trace(Script.of("script.sql", sql), transactional);
  }

  private static long id(Trace trace, String table) {
    return trace
        .before()
        .all(Kind.TABLE)
        .filter(object -> object.name().equals(table))
        .findFirst()
        .orElseThrow()
        .id();
  }
}
