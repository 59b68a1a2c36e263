package dev.tidemark.migrator.cli;

import static dev.tidemark.migrator.testing.Sql.column;
import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.testing.PostgresExtension;
import dev.tidemark.migrator.testing.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class LintCommandIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String BIG = "migrate.big-table-rows = 0\n";

  @TempDir Path folder;

  private final Database database = POSTGRES.newDatabase();
  private CommandTrial trial;

  @BeforeEach
  void writeChangeSets() throws IOException {
    trial = new CommandTrial(folder, database, POSTGRES.server());
    changeSet(
        "202601010001_orders",
        true,
        "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, note text);",
        "DROP TABLE orders;");
    trial.configure("");
  }

  @Test
  void aPendingChangeSetIsJudgedAfterThoseBeforeIt() throws IOException {
    indexOrders();

    assertThat(trial.migrate("lint", "--json")).isEqualTo(3);

    List<? extends Config> findings = list();
    assertThat(findings).hasSize(2);
    assertThat(findings.get(1).getString("file")).isEqualTo("202601010002_index/rollback.sql");
    assertThat(findings.get(1).getString("rule")).isEqualTo("index-drop-not-concurrent");
    assertThat(findings.get(1).getString("level")).isEqualTo("warning");
    Config finding = findings.get(0);
    assertThat(finding.getString("rule")).isEqualTo("index-not-concurrent");
    assertThat(finding.getString("level")).isEqualTo("error");
    assertThat(finding.getString("file")).isEqualTo("202601010002_index/apply.sql");
    assertThat(finding.getInt("line")).isEqualTo(2);
    assertThat(finding.getString("statement")).startsWith("CREATE INDEX idx_orders_customer_id");
    assertThat(finding.getString("table")).isEqualTo("orders");
    assertThat(finding.getString("lock")).isEqualTo("SHARE");
    assertThat(finding.getString("message"))
        .contains("every INSERT, UPDATE and DELETE of it waits, reads go on");
    assertThat(finding.getString("remedy")).contains("CONCURRENTLY");
  }

  @Test
  void withoutTheDatabaseEveryChangeSetIsJudged() throws IOException {
    indexOrders();
    trial.configure("database.url = \"jdbc:postgresql://127.0.0.1:1/nowhere\"");

    assertThat(trial.migrate("lint")).isEqualTo(3);

    assertThat(trial.err()).contains("every change set is judged");
    assertThat(trial.out())
        .contains("202601010002_index/apply.sql:2: error [index-not-concurrent]")
        .contains("4 scripts judged: 1 error");
  }

  @Test
  void aTableThatTheDatabaseKnowsToBeSmallIsOnlyWorthANote() throws Exception {
    assertThat(trial.migrate("apply")).isZero();
    indexOrders();

    assertThat(trial.migrate("lint", "--json")).isZero();
    assertThat(list())
        .filteredOn(finding -> finding.getString("file").endsWith("/apply.sql"))
        .extracting(finding -> finding.getString("level"))
        .containsOnly("note");

    trial.configure(BIG);
    assertThat(trial.migrate("lint")).isEqualTo(3);
    trial.configure(BIG + "migrate.small-tables = [orders]");
    assertThat(trial.migrate("lint")).isZero();
  }

  @Test
  void applyRefusesWhatLintFindsAnErrorIn() throws Exception {
    trial.configure(BIG);
    assertThat(trial.migrate("apply")).isZero();
    indexOrders();

    assertThat(trial.migrate("apply")).isEqualTo(3);
    assertThat(trial.err()).contains("TM-MIG-051", "202601010002_index", "index-not-concurrent");
    assertThat(value(database, "SELECT to_regclass('idx_orders_customer_id')")).isNull();

    trial.configure(BIG + "migrate.lint = warn");
    assertThat(trial.migrate("apply")).isZero();
    assertThat(trial.err()).contains("index-not-concurrent");
    assertThat(value(database, "SELECT to_regclass('idx_orders_customer_id')")).isNotNull();
  }

  @Test
  void aResultIsKeptUntilTheBytesChange() throws Exception {
    trial.configure(BIG);
    assertThat(trial.migrate("apply")).isZero();
    indexOrders();
    assertThat(trial.migrate("apply")).isEqualTo(3);
    String kept = "SELECT checksum FROM tidemark.lint_results WHERE change_set LIKE '%index'";
    List<String> first = column(database, kept);
    // No throw-away database can be made: a second look would fail.
    trial.configure(BIG + "migrate.shadow-url = \"jdbc:postgresql://127.0.0.1:1/nowhere\"");

    assertThat(trial.migrate("apply")).isEqualTo(3);

    changeSet(
        "202601010002_index",
        true,
        "-- tidemark:allow index-not-concurrent: nobody writes at night\n"
            + "CREATE INDEX idx_orders_customer_id ON orders (customer_id);",
        "DROP INDEX idx_orders_customer_id;");
    assertThat(trial.migrate("apply")).isEqualTo(4);
    trial.configure(BIG);
    assertThat(trial.migrate("apply")).isZero();
    // Of apply.sql and rollback.sql, before and after the edit.
    assertThat(column(database, kept)).hasSize(4).containsAll(first);
  }

  @Test
  void aRollbackIsJudgedByWhatItDoesToWhatWasThereBefore() throws Exception {
    trial.configure(BIG);
    assertThat(trial.migrate("apply")).isZero();
    changeSet(
        "202601010002_lines",
        true,
        """
        CREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders);
        CREATE INDEX idx_lines_order_id ON lines (order_id);
        ALTER TABLE orders ADD COLUMN paid boolean;
        """,
        """
        ALTER TABLE orders DROP COLUMN paid;
        DROP TABLE lines;
        """);
    changeSet(
        "202601010003_without_note",
        true,
        "ALTER TABLE orders DROP COLUMN note;",
        """
        ALTER TABLE orders ADD COLUMN note text;
        CREATE INDEX idx_orders_note ON orders (note);
        TRUNCATE lines;
        """,
        "contract");

    assertThat(trial.migrate("lint", "--json")).isEqualTo(3);

    assertThat(list())
        .filteredOn(finding -> finding.getString("file").endsWith("/rollback.sql"))
        .extracting(
            finding ->
                "%s:%d %s %s %s"
                    .formatted(
                        finding.getString("file"),
                        finding.getInt("line"),
                        finding.getString("level"),
                        finding.getString("rule"),
                        finding.getString("table")))
        .containsExactly(
            "202601010003_without_note/rollback.sql:2 error index-not-concurrent orders",
            "202601010003_without_note/rollback.sql:2 error long-statement-under-lock orders",
            "202601010003_without_note/rollback.sql:3 error long-statement-under-lock orders",
            "202601010003_without_note/rollback.sql:3 error truncate lines");
    assertThat(trial.migrate("apply", "--to", "202601010002")).isZero();
    assertThat(trial.migrate("apply")).isEqualTo(3);
    assertThat(trial.err())
        .contains("TM-MIG-051", "rollback.sql line 2 [index-not-concurrent]", "line 3 [truncate]");
  }

  @Test
  void aRollbackThatDoesNotRunIsToldAndHidesNoErrorOfApply() throws Exception {
    trial.configure(BIG);
    assertThat(trial.migrate("apply")).isZero();
    indexOrders();
    changeSet(
        "202601010003_paid",
        true,
        "ALTER TABLE orders ADD COLUMN paid boolean;",
        "SELECT 1;\nALTER TABLE orders DROP COLUMN payed;");

    assertThat(trial.migrate("lint")).isEqualTo(2);
    assertThat(trial.err())
        .contains("TM-MIG-050", "Line 2 of 202601010003_paid/rollback.sql", "42703");

    assertThat(trial.migrate("apply")).isEqualTo(3);
    assertThat(trial.err())
        .contains("Lint has not judged every rollback", "202601010003_paid/rollback.sql")
        .contains("TM-MIG-051", "apply.sql line 2 [index-not-concurrent]");
  }

  @Test
  void aScriptIsJudgedAsTheNextChangeSet() throws IOException {
    Path script = script("next.sql", "ALTER TABLE orders DROP COLUMN note;");

    assertThat(trial.migrate("lint", "--sql", script.toString(), "--json")).isEqualTo(3);

    assertThat(list()).extracting(finding -> finding.getString("rule")).contains("drop-column");
    assertThat(list().get(0).getString("file")).isEqualTo(script.toString());
  }

  @Test
  void aSceneThatMakesTheSameTablesStandsForItself() throws IOException {
    Path given = script("given.sql", "CREATE TABLE orders (number bigint PRIMARY KEY, price int);");
    Path script = script("next.sql", "ALTER TABLE orders ALTER COLUMN price TYPE bigint;");

    assertThat(
            trial.migrate(
                "lint", "--given", given.toString(), "--sql", script.toString(), "--json"))
        .isEqualTo(3);

    assertThat(list())
        .extracting(finding -> finding.getString("rule"))
        .contains("type-change-rewrite");
  }

  @Test
  void aScriptThatDoesNotRunIsToldWithItsLine() throws IOException {
    Path script = script("wrong.sql", "SELECT 1;\n\nALTER TABLE order ADD COLUMN x int;");

    assertThat(trial.migrate("lint", "--sql", script.toString())).isEqualTo(2);

    assertThat(trial.out()).isEmpty();
    assertThat(trial.err()).contains("TM-MIG-050", "Line 3 of " + script, "42601", "syntax error");
    assertThat(trial.migrate("lint", "--sql", folder.resolve("none.sql").toString())).isEqualTo(2);
    assertThat(trial.migrate("lint", "--given", script.toString())).isEqualTo(2);
  }

  @Test
  void sarifNamesTheRulesAndTheExceptions() throws IOException {
    Path script =
        script(
            "next.sql",
            "DROP TABLE orders; -- tidemark:allow drop-table: it was never used\n"
                + "CREATE TABLE a (b json);");

    assertThat(trial.migrate("lint", "--sql", script.toString(), "--format", "sarif")).isZero();

    Config log = ConfigFactory.parseString(trial.out());
    assertThat(log.getString("version")).isEqualTo("2.1.0");
    Config run = log.getConfigList("runs").get(0);
    List<String> rules =
        run.getConfigList("tool.driver.rules").stream().map(rule -> rule.getString("id")).toList();
    assertThat(rules).contains("drop-table", "json-column").doesNotHaveDuplicates();
    List<? extends Config> results = run.getConfigList("results");
    assertThat(results).extracting(result -> result.getString("ruleId")).isSubsetOf(rules);
    assertThat(results)
        .filteredOn(result -> result.hasPath("suppressions"))
        .extracting(
            result -> result.getConfigList("suppressions").get(0).getString("justification"))
        .containsExactly("it was never used");
    assertThat(results)
        .filteredOn(result -> result.getString("ruleId").equals("json-column"))
        .extracting(
            result ->
                result
                    .getConfigList("locations")
                    .get(0)
                    .getInt("physicalLocation.region.startLine"))
        .containsExactly(2);
  }

  @Test
  void aRoleThatAScriptMakesDoesNotStay() throws Exception {
    Path script =
        script(
            "next.sql",
            "CREATE ROLE lint_case_passing; GRANT SELECT ON orders TO lint_case_passing;");

    assertThat(trial.migrate("lint", "--sql", script.toString())).isZero();

    assertThat(column(database, "SELECT FROM pg_roles WHERE rolname = 'lint_case_passing'"))
        .isEmpty();
  }

  @Test
  void aDryRunTellsLocksAndTimesAndChangesNothing() throws Exception {
    assertThat(trial.migrate("apply")).isZero();
    Sql.execute(
        database,
        "INSERT INTO orders SELECT i, i, 'n' FROM generate_series(1, 20000) AS i",
        "ANALYZE orders");
    changeSet(
        "202601010002_index",
        true,
        "ALTER TABLE orders ALTER COLUMN customer_id TYPE numeric;\n"
            + "CREATE INDEX idx_orders_customer_id ON orders (customer_id);",
        "DROP INDEX idx_orders_customer_id; ALTER TABLE orders ALTER COLUMN customer_id TYPE"
            + " bigint;");
    List<String> before = everything();

    assertThat(trial.migrate("apply", "--dry-run", "--json")).isZero();

    assertThat(everything()).isEqualTo(before);
    Config document = ConfigFactory.parseString(trial.out());
    assertThat(document.getBoolean("dry_run")).isTrue();
    List<? extends Config> statements =
        document.getConfigList("steps").get(0).getConfigList("statements");
    Config rewrite = statements.get(0);
    assertThat(rewrite.getStringList("rewritten")).contains("orders");
    assertThat(rewrite.getConfigList("locks"))
        .anySatisfy(
            lock -> {
              assertThat(lock.getString("table")).isEqualTo("orders");
              assertThat(lock.getString("mode")).isEqualTo("ACCESS EXCLUSIVE");
              assertThat(lock.getBoolean("blocks_reads")).isTrue();
            });
    Config index = statements.get(1);
    assertThat(index.getStringList("indexes_built")).containsExactly("idx_orders_customer_id");
    // 20,000 rows at 400,000 a second.
    assertThat(index.getLong("estimated_ms")).isGreaterThanOrEqualTo(50);

    assertThat(trial.migrate("rollback", "--last", "1", "--dry-run")).isZero();
    assertThat(everything()).isEqualTo(before);
    assertThat(trial.out())
        .contains("202601010001_orders/rollback.sql", "DROP TABLE orders", "ACCESS EXCLUSIVE");
  }

  private List<String> everything() throws SQLException {
    return column(
        database,
        """
        SELECT relname || ' ' || coalesce(relfilenode::text, '') FROM pg_class
        UNION ALL SELECT version || ' ' || installed_on FROM tidemark.change_set_history
        UNION ALL SELECT id::text FROM tidemark.operations
        UNION ALL SELECT checksum FROM tidemark.lint_results
        UNION ALL SELECT datname FROM pg_database WHERE datname LIKE 'tidemark_shadow%'
        ORDER BY 1\
        """);
  }

  private void indexOrders() throws IOException {
    changeSet(
        "202601010002_index",
        true,
        "-- An index\nCREATE INDEX idx_orders_customer_id ON orders (customer_id);",
        "DROP INDEX idx_orders_customer_id;");
  }

  private void changeSet(String name, boolean transactional, String apply, String rollback)
      throws IOException {
    changeSet(name, transactional, apply, rollback, "expand");
  }

  private void changeSet(
      String name, boolean transactional, String apply, String rollback, String phase)
      throws IOException {
    trial.changeSet(
        name,
        apply,
        rollback,
        "touches = [orders], phase = %s, transactional = %s".formatted(phase, transactional));
  }

  private Path script(String name, String sql) throws IOException {
    return Files.writeString(folder.resolve(name), sql);
  }

  private List<? extends Config> list() {
    String document = trial.out();
    assertThat(document.lines()).hasSize(1);
    return ConfigFactory.parseString("list = " + document).getConfigList("list");
  }
}
