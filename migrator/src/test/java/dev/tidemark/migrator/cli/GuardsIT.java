package dev.tidemark.migrator.cli;

import static dev.tidemark.migrator.testing.Sql.column;
import static dev.tidemark.migrator.testing.Sql.execute;
import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.testing.PostgresExtension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class GuardsIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String OLD = "202601010001_old";

  @TempDir Path folder;

  private final Database database = POSTGRES.newDatabase();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void applyAnOldShape() throws Exception {
    write(
        OLD,
        "CREATE TABLE orders (id int PRIMARY KEY); INSERT INTO orders VALUES (1), (2)",
        "DROP TABLE orders",
        "phase = expand");
    configure("");
    done("apply");
  }

  @Test
  void checksAndRowsAreWantedBeforeAndAfter() throws Exception {
    String conf =
        """
        phase = expand
        checks {
          before = [{ name = "a row", sql = "SELECT count(*) FROM orders WHERE id = 9", expect = ">= 1" }]
          after = [{ name = "flagged", sql = "SELECT bool_and(flag) FROM orders", expect = true }]
          critical-tables = [{ table = orders, rows = unchanged }]
          rollback {
            before = [{ name = "three", sql = "SELECT count(*) FROM orders", expect = 3 }]
            critical-tables = [{ table = orders, rows = unchanged }]
          }
        }
        """;
    String apply = "ALTER TABLE orders ADD COLUMN flag boolean DEFAULT true;";
    String name = "202601010002_flag";
    write(name, apply, "ALTER TABLE orders DROP COLUMN flag; DELETE FROM orders", conf);

    refused("TM-MIG-100", "apply");
    assertThat(value(database, "SELECT count(*) FROM tidemark.flags")).isEqualTo("0");
    execute(database, "INSERT INTO orders VALUES (9)");

    write(name, apply + "DELETE FROM orders WHERE id = 1", "SELECT 1", conf);
    assertThat(tidemark("apply")).isEqualTo(7);
    assertThat(said()).contains("TM-MIG-101", "rows in orders", "it was 3 and is 2", "rolled back");
    assertThat(value(database, "SELECT count(*) FROM orders")).isEqualTo("3");
    done("resolve", name, "--retry", "--reason", "r");

    write(name, apply + "UPDATE orders SET flag = false", "SELECT 1", conf);
    assertThat(tidemark("apply")).isEqualTo(7);
    assertThat(said()).contains("TM-MIG-101", "flagged", "it gave false");
    done("resolve", name, "--retry", "--reason", "r");

    write(name, apply, "ALTER TABLE orders DROP COLUMN flag; DELETE FROM orders", conf);
    done("apply");
    assertThat(tidemark("rollback", "--last", "1")).isEqualTo(7);
    assertThat(said()).contains("TM-MIG-101", "a difference of -3");
    assertThat(value(database, "SELECT count(flag) FROM orders")).isEqualTo("3");
  }

  @Test
  void whatOthersWriteMeanwhileIsNotCounted() throws Exception {
    write(
        "202601010002_two",
        "SELECT pg_advisory_xact_lock_shared(7); SELECT pg_sleep(1.5)",
        "SELECT 1",
        "phase = expand, checks.critical-tables = [{ table = orders, rows = unchanged }]");
    CompletableFuture<Integer> apply = CompletableFuture.supplyAsync(() -> tidemark("apply"));
    String held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7";
    for (int i = 0; i < 300 && value(database, held).equals("0"); i++) {
      Thread.sleep(20);
    }
    assertThat(value(database, held)).isNotEqualTo("0");
    execute(database, "INSERT INTO orders VALUES (50)");
    assertThat(value(database, held)).isNotEqualTo("0");

    assertThat(apply.get()).as(said()).isZero();
    assertThat(value(database, "SELECT count(*) FROM orders")).isEqualTo("3");
  }

  @Test
  void aContractWaitsForItsExpandAndForEvidence() throws Exception {
    write(
        "202601010002_new",
        "CREATE TABLE orders_new (id int)",
        "DROP TABLE orders_new",
        "phase = expand");
    done("apply");
    String name = "202601010003_contract";
    write(
        name, "DROP TABLE orders", "CREATE TABLE orders (id int PRIMARY KEY)", "phase = contract");
    refused("TM-MIG-106", "apply");

    execute(
        database,
        "CREATE TABLE flags (name text, enabled boolean)",
        "INSERT INTO flags VALUES ('dual', true)");
    write(
        name,
        "DROP TABLE orders",
        "CREATE TABLE orders (id int PRIMARY KEY)",
        """
        phase = contract
        contract {
          of = 202601010002
          evidence = [
            { kind = query, name = "dual write is off", sql = "SELECT enabled FROM flags", expect = false }
            { kind = unused-table, table = orders }
            { kind = unused-index, index = orders_pkey }
          ]
        }
        """);
    refused("TM-MIG-106", "apply");
    assertThat(said())
        .contains(
            "202601010002 has been in place since",
            "of 7 days",
            "table orders has been seen unused")
        .contains("index orders_pkey", "\"dual write is off\" does not hold: it gave true");
    execute(database, "UPDATE flags SET enabled = false");
    refused("TM-MIG-106", "apply");
    assertThat(said()).contains("apply it from");

    later();
    execute(database, "INSERT INTO orders VALUES (77)");
    counted("n_tup_ins >= 3");
    refused("TM-MIG-106", "apply");
    assertThat(said()).contains("table orders has been seen unused").doesNotContain("in place");

    later();
    execute(database, "UPDATE tidemark.usage_observations SET statistics_epoch = 'another'");
    refused("TM-MIG-106", "apply");
    later();
    done("observe", "--json");
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"relation\":\"orders\"");
    done("apply");
    assertThat(value(database, "SELECT to_regclass('orders')")).isNull();
    assertThat(
            column(
                database,
                "SELECT DISTINCT outcome FROM tidemark.operations WHERE message LIKE 'TM-MIG-106%'"))
        .containsExactly("refused");
  }

  @Test
  void onAFreshDatabaseNoContractWaits() throws Exception {
    write(
        "202601010002_contract",
        "DROP TABLE orders",
        "CREATE TABLE orders (id int)",
        "phase = contract");
    done("rollback", "--last", "1");
    done("apply");
  }

  @Test
  void aLongTransactionAndAClosedWindowAreInTheWay() throws Exception {
    write("202601010002_two", "CREATE TABLE two (id int)", "DROP TABLE two", "phase = migrate");
    configure("open-transaction = 1s");
    try (Connection open = database.connect()) {
      open.setAutoCommit(false);
      execute(open, "SET application_name = 'forgotten'", "LOCK TABLE orders IN ACCESS SHARE MODE");
      execute(database, "SELECT pg_sleep(1.2)");
      refused("TM-MIG-102", "apply");
      assertThat(said()).contains("forgotten", "idle in transaction", "LOCK TABLE orders");
    }

    // A window of one minute that was over an hour ago.
    String day =
        value(
            database, "SELECT lower(to_char(now() AT TIME ZONE 'UTC' - interval '2 hours', 'Dy'))");
    String from =
        value(database, "SELECT to_char(now() AT TIME ZONE 'UTC' - interval '2 hours', 'HH24:MI')");
    String to =
        value(
            database,
            "SELECT to_char(now() AT TIME ZONE 'UTC' - interval '119 minutes', 'HH24:MI')");
    configure("window { days = [%s], from = \"%s\", to = \"%s\" }".formatted(day, from, to));
    refused("TM-MIG-105", "apply");
    assertThat(said()).contains("202601010002_two", from + "–" + to + " UTC", "at 20");
    assertThat(tidemark("apply", "--outside-window", " ")).isEqualTo(2);
    done("apply", "--outside-window", "the bank waits");
    assertThat(
            value(
                database,
                "SELECT count(*) FROM tidemark.operations WHERE reason LIKE '%the bank waits'"))
        .isEqualTo("1");
    refused("TM-MIG-105", "rollback", "--last", "1");
  }

  @Test
  void anOperationStopsBetweenStatementsWhenItsTimeIsOver() throws Exception {
    write(
        "202601010002_slow",
        "CREATE TABLE slow (id int); SELECT pg_sleep(1.1); CREATE TABLE slower (id int)",
        "DROP TABLE slower; DROP TABLE slow",
        "phase = expand, transactional = false");
    configure("budget = 1s");

    assertThat(tidemark("apply")).isEqualTo(7);
    assertThat(said()).contains("TM-MIG-107", "statement 3 of 3");
    assertThat(value(database, "SELECT to_regclass('slow') IS NOT NULL")).isEqualTo("t");
    assertThat(value(database, "SELECT to_regclass('slower')")).isNull();
    done("apply");
    assertThat(value(database, "SELECT to_regclass('slower')")).isNotNull();
  }

  @Test
  void aScaffoldIsMadeAndRefusedUntilItIsFilledIn() throws Exception {
    done("new", "add_note", "--json");
    Path made =
        Path.of(
            out.toString(StandardCharsets.UTF_8)
                .replaceFirst("(?s).*\"folder\":\"([^\"]*)\".*", "$1"));
    assertThat(made.getFileName().toString()).matches("[0-9]{12}_add_note");
    assertThat(tidemark("apply")).isEqualTo(2);
    assertThat(said()).contains("TM-MIG-027", "risk-assessment", "fill it in");
    Path conf = made.resolve("changeset.conf");
    Files.writeString(
        conf, Files.readString(conf).replace("risk-assessment = \"\"", "risk-assessment = r"));
    assertThat(tidemark("lint")).isEqualTo(2);
    assertThat(said()).contains("TM-MIG-026", "add_note/apply.sql");
    for (String file : new String[] {"apply.sql", "rollback.sql", "verify.sql"}) {
      Files.writeString(made.resolve(file), Files.readString(made.resolve(file)) + "SELECT true;");
    }
    done("apply");

    assertThat(tidemark("new", "add_note")).isEqualTo(2);
    assertThat(said()).contains("TM-MIG-108", "is there already");
    assertThat(tidemark("new", "Add-Note")).isEqualTo(2);
    assertThat(said()).contains("TM-MIG-108");
  }

  private void later() throws SQLException {
    execute(
        database,
        "UPDATE tidemark.runs SET ended_at = ended_at - interval '8 days'",
        "UPDATE tidemark.usage_observations SET first_seen_at = first_seen_at - interval '8 days'");
  }

  /** Sessions hand their counters over a little later. */
  private void counted(String condition) throws Exception {
    String query =
        "SELECT count(*) FROM pg_stat_user_tables WHERE relname = 'orders' AND " + condition;
    for (int i = 0; i < 100 && !value(database, query).equals("1"); i++) {
      Thread.sleep(100);
    }
    assertThat(value(database, query)).isEqualTo("1");
  }

  private void refused(String code, String... arguments) {
    assertThat(tidemark(arguments)).as(said()).isEqualTo(3);
    assertThat(said()).contains(code);
  }

  private void done(String... arguments) {
    assertThat(tidemark(arguments)).as(said()).isZero();
  }

  private String said() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private void write(String name, String apply, String rollback, String more) throws IOException {
    Path changeSet = Files.createDirectories(folder.resolve("sets").resolve(name));
    Files.writeString(changeSet.resolve("apply.sql"), apply);
    Files.writeString(changeSet.resolve("rollback.sql"), rollback);
    Files.writeString(changeSet.resolve("verify.sql"), "SELECT true");
    Files.writeString(
        changeSet.resolve("changeset.conf"),
        "title = t, author = a, risk = low, risk-assessment = none, touches = []\n" + more);
  }

  private void configure(String guards) throws IOException {
    Files.writeString(
        folder.resolve("my.conf"),
        """
        migrate { change-sets = "%s", lint = off, guards { %s } }
        database.url = "%s"
        """
            .formatted(folder.resolve("sets"), guards, database.completeJdbcUrl()));
  }

  private int tidemark(String... arguments) {
    out.reset();
    err.reset();
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    return TidemarkMigrate.run(
        console,
        Stream.of(
                Stream.of("migrate"),
                Stream.of(arguments),
                Stream.of("--config", folder.resolve("my.conf").toString()))
            .flatMap(s -> s)
            .toArray(String[]::new));
  }
}
