package dev.tidemark.migrator.cli;

import static dev.tidemark.migrator.testing.Sql.column;
import static dev.tidemark.migrator.testing.Sql.execute;
import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.postgres.LocalServer;
import dev.tidemark.migrator.testing.PostgresExtension;
import dev.tidemark.migrator.testing.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class GuardsIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String OLD = "202601010001_old";

  @TempDir Path folder;

  private final Database database = POSTGRES.newDatabase();
  private CommandTrial trial;

  @BeforeEach
  void applyAnOldShape() throws Exception {
    trial = new CommandTrial(folder, database, POSTGRES.server());
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
    assertThat(trial.migrate("apply")).isEqualTo(7);
    assertThat(said()).contains("TM-MIG-101", "rows in orders", "it was 3 and is 2", "rolled back");
    assertThat(value(database, "SELECT count(*) FROM orders")).isEqualTo("3");
    done("resolve", name, "--retry", "--reason", "r");

    write(name, apply + "UPDATE orders SET flag = false", "SELECT 1", conf);
    assertThat(trial.migrate("apply")).isEqualTo(7);
    assertThat(said()).contains("TM-MIG-101", "flagged", "it gave false");
    done("resolve", name, "--retry", "--reason", "r");

    write(name, apply, "ALTER TABLE orders DROP COLUMN flag; DELETE FROM orders", conf);
    done("apply");
    assertThat(trial.migrate("rollback", "--last", "1")).isEqualTo(7);
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
    CompletableFuture<Integer> apply = CompletableFuture.supplyAsync(() -> trial.migrate("apply"));
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
    done("lint");
    assertThat(said()).contains(name + "/changeset.conf", "TM-MIG-106");

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
    assertThat(trial.out()).contains("\"relation\":\"orders\"");
    done("apply");
    assertThat(value(database, "SELECT to_regclass('orders')")).isNull();
    assertThat(
            column(
                database,
                "SELECT DISTINCT outcome FROM tidemark.operations WHERE message LIKE"
                    + " 'TM-MIG-106%'"))
        .containsExactly("refused");
  }

  @Test
  void aContractMayHaveTimesOfItsOwn() throws Exception {
    write(
        "202601010002_new",
        "CREATE TABLE orders_new (id int)",
        "DROP TABLE orders_new",
        "phase = expand");
    done("apply");
    write(
        "202601010003_contract",
        "DROP TABLE orders",
        "CREATE TABLE orders (id int PRIMARY KEY)",
        """
        phase = contract
        contract {
          of = 202601010002, after = 2h, unused-for = 5h
          evidence = [{ kind = unused-table, table = orders }]
        }
        """);
    counted("n_tup_ins = 2");
    refused("TM-MIG-106", "apply");
    assertThat(said()).contains("of 2 h", "of 5 h");

    later("3 hours");
    refused("TM-MIG-106", "apply");
    assertThat(said()).contains("orders has been seen unused").doesNotContain("in place");
    later("3 hours");
    done("apply");
    assertThat(value(database, "SELECT to_regclass('orders')")).isNull();
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
    String two = "CREATE TABLE two (id int)";
    write("202601010002_two", two, "DROP TABLE two", "phase = migrate");
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
    write("202601010002_two", two, "DROP TABLE two", "phase = expand, risk = medium");
    refused("TM-MIG-105", "apply");
    write("202601010002_two", two, "DROP TABLE two", "phase = expand");
    done("apply");
    done("rollback", "--last", "1");
    write("202601010002_two", two, "DROP TABLE two", "phase = migrate");
    assertThat(trial.migrate("apply", "--outside-window", " ")).isEqualTo(2);
    done("apply", "--outside-window", "the bank waits");
    assertThat(
            value(
                database,
                "SELECT count(*) FROM tidemark.operations WHERE reason LIKE '%the bank waits'"))
        .isEqualTo("1");
    refused("TM-MIG-105", "rollback", "--last", "1");
  }

  @Test
  void aTableThatIsWrittenAnewWantsRoomOnTheDisk() throws Exception {
    execute(
        database,
        "INSERT INTO orders SELECT generate_series(100, 20000)",
        // Before autovacuum does, which makes it bigger.
        "VACUUM orders");
    long size = Long.parseLong(value(database, "SELECT pg_total_relation_size('orders')"));
    write(
        "202601010002_wide",
        "ALTER TABLE orders ALTER COLUMN id TYPE bigint",
        "ALTER TABLE orders ALTER COLUMN id TYPE int",
        "phase = migrate");
    // Rewritten is what lint has seen to be; it finds an error in this, too.
    trial.configure("migrate { lint = warn, guards.free-disk = %d }".formatted(size - 1));
    refused("TM-MIG-104", "apply");
    assertThat(said()).contains("writing orders anew takes", "are free");
    assertThat(typeOfId()).isEqualTo("integer");

    trial.configure("migrate { lint = warn, guards.free-disk = %d }".formatted(size));
    done("apply");
    assertThat(typeOfId()).isEqualTo("bigint");

    write(
        "202601010003_note",
        "ALTER TABLE orders ADD COLUMN note text",
        "ALTER TABLE orders DROP COLUMN note",
        "phase = expand");
    trial.configure("migrate { lint = warn, guards.free-disk = 1 }");
    done("apply");

    write(
        "202601010004_narrow",
        "ALTER TABLE orders ALTER COLUMN id TYPE int",
        "SELECT 1",
        "phase = migrate");
    trial.configure("migrate { lint = off, guards.free-disk = 1 }");
    done("apply");
    assertThat(said()).contains("Whether the disk has room was not looked at");
  }

  @Test
  void roomIsWantedForPartitionsThatNoChangeSetMadeAndUnderTheNameOfNow() throws Exception {
    write(
        "202601010002_parts",
        """
        CREATE TABLE parts (id int, n int) PARTITION BY RANGE (id);
        CREATE TABLE parts_rest PARTITION OF parts DEFAULT
        """,
        "DROP TABLE parts",
        "phase = expand");
    done("apply");
    execute(
        database,
        "CREATE TABLE parts_made_later PARTITION OF parts FOR VALUES FROM (1) TO (100000)",
        "INSERT INTO parts SELECT generate_series(1, 20000), 1");
    long size =
        Long.parseLong(value(database, "SELECT pg_total_relation_size('parts_made_later')"));
    String name = "202601010003_wide";
    write(
        name,
        "ALTER TABLE parts RENAME TO pieces; ALTER TABLE pieces ALTER COLUMN n TYPE bigint",
        "SELECT 1",
        "phase = migrate");
    trial.configure("migrate { lint = warn, guards.free-disk = %d }".formatted(size - 1));
    refused("TM-MIG-104", "apply");
    assertThat(said()).contains("writing parts anew takes");

    // One partition is not all of them.
    write(name, "ALTER TABLE parts_rest SET UNLOGGED", "SELECT 1", "phase = migrate");
    done("apply");
  }

  private String typeOfId() throws SQLException {
    return value(
        database,
        "SELECT format_type(atttypid, -1) FROM pg_attribute"
            + " WHERE attrelid = 'orders'::regclass AND attname = 'id'");
  }

  @Test
  void aSlotThatNobodyReadsIsInTheWay() throws Exception {
    write("202601010002_two", "CREATE TABLE two (id int)", "DROP TABLE two", "phase = expand");
    Path home = TestServers.newFolder();
    LocalServer server = TestServers.server(home, TestServers.CARELESS);
    server.start();
    try {
      Database own = server.database();
      Database superuser = server.asSuperuser("tidemark");
      trial = new CommandTrial(folder, own, own);
      execute(superuser, "SELECT pg_create_physical_replication_slot('forgotten', true)");
      // A new slot is behind by what the first change set writes, journal and all.
      configure("");
      done("apply", "--to", "202601010001");
      configure("replication-lag = 200 KiB");

      execute(own, "CREATE TABLE filler AS SELECT generate_series(1, 20000) AS id");
      refused("TM-MIG-103", "apply");
      assertThat(said()).contains("slot forgotten (nobody reads it)");
      assertThat(value(own, "SELECT to_regclass('two')")).isNull();
      // A rollback does not wait for it.
      done("rollback", "--last", "1");
      assertThat(said()).contains("TM-MIG-103", "slot forgotten");

      execute(superuser, "SELECT pg_drop_replication_slot('forgotten')");
      done("apply");
    } finally {
      server.stop(LocalServer.StopMode.IMMEDIATE);
      TestServers.delete(home);
    }
  }

  @Test
  void anOperationStopsBetweenStatementsWhenItsTimeIsOver() throws Exception {
    write(
        "202601010002_slow",
        "CREATE TABLE slow (id int); SELECT pg_sleep(1.1); CREATE TABLE slower (id int)",
        "DROP TABLE slower; DROP TABLE slow",
        "phase = expand, transactional = false");
    configure("budget = 1s");

    assertThat(trial.migrate("apply")).isEqualTo(7);
    assertThat(said()).contains("TM-MIG-107", "statement 3 of 3");
    assertThat(value(database, "SELECT to_regclass('slow') IS NOT NULL")).isEqualTo("t");
    assertThat(value(database, "SELECT to_regclass('slower')")).isNull();
    done("apply");
    assertThat(value(database, "SELECT to_regclass('slower')")).isNotNull();
  }

  @Test
  void aScaffoldIsMadeAndRefusedUntilItIsFilledIn() throws Exception {
    done("new", "add_note", "--json");
    Path made = Path.of(trial.out().replaceFirst("(?s).*\"folder\":\"([^\"]*)\".*", "$1"));
    assertThat(made.getFileName().toString()).matches("[0-9]{12}_add_note");
    assertThat(trial.migrate("apply")).isEqualTo(2);
    assertThat(said()).contains("TM-MIG-027", "risk-assessment", "fill it in");
    Path conf = made.resolve("changeset.conf");
    Files.writeString(
        conf, Files.readString(conf).replace("risk-assessment = \"\"", "risk-assessment = r"));
    assertThat(trial.migrate("lint")).isEqualTo(2);
    assertThat(said()).contains("TM-MIG-026", "add_note/apply.sql");
    for (String file : new String[] {"apply.sql", "rollback.sql", "verify.sql"}) {
      Files.writeString(made.resolve(file), Files.readString(made.resolve(file)) + "SELECT true;");
    }
    done("apply");

    assertThat(trial.migrate("new", "add_note")).isEqualTo(2);
    assertThat(said()).contains("TM-MIG-108", "is there already");
    assertThat(trial.migrate("new", "Add-Note")).isEqualTo(2);
    assertThat(said()).contains("TM-MIG-108");
  }

  private void later() throws SQLException {
    later("8 days");
  }

  private void later(String time) throws SQLException {
    execute(
        database,
        "UPDATE tidemark.runs SET ended_at = ended_at - interval '%s'".formatted(time),
        "UPDATE tidemark.usage_observations SET first_seen_at = first_seen_at - interval '%s'"
            .formatted(time));
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
    assertThat(trial.migrate(arguments)).as(said()).isEqualTo(3);
    assertThat(said()).contains(code);
  }

  private void done(String... arguments) {
    assertThat(trial.migrate(arguments)).as(said()).isZero();
  }

  private String said() {
    return trial.err();
  }

  private void write(String name, String apply, String rollback, String more) throws IOException {
    trial.changeSet(name, apply, rollback, "touches = []\n" + more);
  }

  private void configure(String guards) throws IOException {
    trial.configure("migrate { lint = off, guards { %s } }".formatted(guards));
  }
}
