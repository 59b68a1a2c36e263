package dev.tidemark.migrator.audit;

import static dev.tidemark.migrator.testing.Sql.column;
import static dev.tidemark.migrator.testing.Sql.execute;
import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tidemark.migrator.cli.TidemarkMigrate;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.secrecy.SecretKeys;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.state.Actor;
import dev.tidemark.migrator.state.OperationKind;
import dev.tidemark.migrator.testing.MigrateProcess;
import dev.tidemark.migrator.testing.PostgresExtension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class AuditTrailIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String SLOW = "202601010002";

  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private Database database;
  private String settings = "";

  @BeforeEach
  void makeADatabase() throws Exception {
    database = POSTGRES.newDatabase();
    changeSet("202601010001_one", "CREATE TABLE public.one (id int);", "DROP TABLE public.one;");
  }

  @Test
  void everyAttemptIsAnEntry() throws Exception {
    assertThat(run("apply")).isZero();
    assertThat(run("apply", "--to", "9")).isEqualTo(2);
    assertThat(run("approve", "202601010001", "--reason", "read it")).isZero();
    assertThat(run("partitions")).isEqualTo(2);
    settings = ", approvals.required = true";
    assertThat(run("rollback", "--last", "1")).isEqualTo(3);
    settings = "";
    changeSet(SLOW + "_bad", "SELECT 1/0;", "SELECT 1;");
    assertThat(run("apply")).isEqualTo(7);
    assertThat(run("resolve", SLOW, "--retry", "--reason", "mended")).isZero();
    assertThat(run("rollback", "--last", "1")).isZero();
    assertThat(
            column(
                database,
                "SELECT concat_ws(' ', number, stage, operation, outcome) FROM tidemark.audit_entries"
                    + " ORDER BY number"))
        .containsExactly(
            "1 begun apply",
            "2 ended apply done",
            "3 begun approve",
            "4 ended approve done",
            "5 begun rollback",
            "6 ended rollback refused",
            "7 begun apply",
            "8 ended apply failed",
            "9 begun resolve",
            "10 ended resolve done",
            "11 begun rollback",
            "12 ended rollback done");
    assertThat(
            value(
                database,
                "SELECT concat_ws('|', change_sets, length(payload_checksum), actor, database_role,"
                    + " reason) FROM tidemark.audit_entries WHERE number = 3"))
        .isEqualTo(
            "202601010001_one|64|Ann|" + value(database, "SELECT session_user") + "|read it");
    assertThat(value(database, "SELECT message FROM tidemark.audit_entries WHERE number = 8"))
        .contains("division by zero");
    assertThat(verdict().getInt("entries")).isEqualTo(12);
    assertThat(verdict().getInt("head_entry")).isEqualTo(12);
    assertThat(Files.readAllLines(head())).hasSize(12);
    assertThat(Files.getPosixFilePermissions(folder.resolve("audit/key"))).hasSize(2);
  }

  @Test
  void whateverASuperuserDoesIsNamed() throws Exception {
    assertThat(run("apply")).isZero();
    assertThat(run("approve", "202601010001")).isZero();
    assertThat(run("rollback", "--last", "1")).isZero();
    for (String attack :
        List.of(
            "UPDATE tidemark.audit_entries SET actor = 'Bob'",
            "DELETE FROM tidemark.audit_entries",
            "TRUNCATE tidemark.audit_entries")) {
      assertThatThrownBy(() -> execute(database, attack))
          .hasMessageContaining("tidemark.audit_entries is append-only");
    }
    execute(
        database,
        "ALTER TABLE tidemark.audit_entries DISABLE TRIGGER USER",
        "ALTER TABLE tidemark.audit_entries DROP CONSTRAINT audit_entries_pkey",
        "ALTER TABLE tidemark.audit_entries DROP CONSTRAINT audit_entries_stage_check",
        "CREATE TABLE public.saved AS TABLE tidemark.audit_entries");
    List<String> columns =
        column(
            database,
            "SELECT attname || ' ' || atttypid::regtype FROM pg_attribute WHERE attnum > 0 AND"
                + " attrelid = 'tidemark.audit_entries'::regclass");
    assertThat(columns).hasSize(18);
    for (String column : columns) {
      String name = column.replaceFirst(" .*", "");
      String edit =
          switch (column.replaceFirst("\\S+ ", "")) {
            case "bigint" -> name + " + 20";
            case "uuid" -> "gen_random_uuid()";
            case "timestamp with time zone" -> name + " + interval '1 microsecond'";
            default -> "coalesce(" + name + ", '') || ' '";
          };
      for (int number = 1; number <= 6; number++) {
        attack(
            number,
            "UPDATE tidemark.audit_entries SET %s = %s WHERE number = %d"
                .formatted(name, edit, number));
      }
    }
    for (int number = 1; number <= 6; number++) {
      attack(number, "DELETE FROM tidemark.audit_entries WHERE number = " + number);
    }
    attack(5, "DELETE FROM tidemark.audit_entries WHERE number > 4");
    attack(1, "TRUNCATE tidemark.audit_entries");
    attack(2, "UPDATE tidemark.audit_entries SET number = 7 - number WHERE number IN (2, 5)");
    attack(
        3,
        "DELETE FROM tidemark.audit_entries WHERE number = 3",
        "UPDATE tidemark.audit_entries SET number = number - 1 WHERE number > 3");
    attack(
        7,
        "INSERT INTO tidemark.audit_entries SELECT * FROM public.saved WHERE number = 6",
        "UPDATE tidemark.audit_entries SET number = 7, previous_hash = hash WHERE ctid ="
            + " (SELECT max(ctid) FROM tidemark.audit_entries)");
    attack(
        1,
        "UPDATE tidemark.audit_entries SET key_id = 'abcdefabcdef',"
            + " hash = encode(sha256(hash::bytea), 'hex')");
    attack(1, "ALTER TABLE tidemark.audit_entries RENAME TO elsewhere");
  }

  /** Makes an attack, wants it named, and undoes it. */
  private void attack(long number, String... attack) throws Exception {
    try (Connection connection = database.connect()) {
      execute(connection, attack);
      AuditVerdict verdict = trail().verify(connection);
      assertThat(verdict.intact()).as(attack[0]).isFalse();
      assertThat(verdict.findings().get(0).entry()).as(attack[0]).isEqualTo(number);
      if (attack[0].endsWith("elsewhere")) {
        execute(connection, "ALTER TABLE tidemark.elsewhere RENAME TO audit_entries");
      }
      execute(
          connection,
          "TRUNCATE tidemark.audit_entries",
          "INSERT INTO tidemark.audit_entries TABLE public.saved");
      assertThat(trail().verify(connection).intact()).as("Undone: " + attack[0]).isTrue();
    }
  }

  private AuditTrail trail() {
    return AuditTrail.of(Settings.load(Optional.of(folder.resolve("my.conf"))));
  }

  @Test
  void aRestoreToAnEarlierTimeIsAccepted() throws Exception {
    assertThat(run("apply")).isZero();
    assertThat(run("audit", "accept", "--reason", "bored")).isEqualTo(2);
    assertThat(text(err)).contains("TM-MIG-124");
    execute(
        database,
        "ALTER TABLE tidemark.audit_entries DISABLE TRIGGER USER",
        "DELETE FROM tidemark.audit_entries WHERE number = 2");
    assertThat(run("rollback", "--last", "1")).isEqualTo(6);
    assertThat(text(err)).contains("TM-MIG-121", "entry 2, which", "is not there");
    assertThat(value(database, "SELECT to_regclass('public.one')")).isNotNull();
    assertThat(run("audit", "verify")).isEqualTo(6);
    assertThat(text(out)).contains("entry 2 was cut off", "does not hold: 1 entry");

    assertThat(run("audit", "accept", "--reason", " ")).isEqualTo(2);
    assertThat(run("audit", "accept", "--reason", "restored to 14:00")).isZero();
    assertThat(value(database, "SELECT reason FROM tidemark.audit_entries WHERE number = 2"))
        .isEqualTo("restored to 14:00");
    assertThat(run("rollback", "--last", "1")).isZero();
    assertThat(run("audit", "verify")).isZero();

    execute(database, "DROP SCHEMA tidemark CASCADE");
    assertThat(run("apply")).isEqualTo(6);
    assertThat(run("audit", "accept", "--reason", "all anew")).isZero();
    assertThat(run("apply")).isZero();
    assertThat(run("audit", "verify")).isZero();
  }

  @Test
  void keysAreWantedAndHandedOver() throws Exception {
    settings = ", audit.required = true";
    assertThat(run("apply")).isEqualTo(2);
    assertThat(text(err)).contains("TM-MIG-120");
    assertThat(value(database, "SELECT to_regclass('public.one')")).isNull();

    String old = SecretKeys.fresh().get("TIDEMARK_AUDIT_KEY");
    String young = SecretKeys.fresh().get("TIDEMARK_AUDIT_KEY");
    settings = ", audit.required = true }, secrecy { audit-key = \"" + old + "\"";
    assertThat(run("apply")).isZero();
    settings = ", audit.required = true }, secrecy { audit-key = \"" + young + "\"";
    assertThat(run("rollback", "--last", "1")).isEqualTo(2);
    assertThat(text(err)).contains("TM-MIG-123");
    settings += ", audit-key-previous = \"" + old + "\"";
    assertThat(run("rollback", "--last", "1")).isZero();
    assertThat(run("audit", "verify")).isZero();
    assertThat(column(database, "SELECT stage FROM tidemark.audit_entries ORDER BY number"))
        .containsExactly("begun", "ended", "key", "begun", "ended");
    assertThat(value(database, "SELECT count(DISTINCT key_id) FROM tidemark.audit_entries"))
        .isEqualTo("2");
    settings = ", audit.required = true }, secrecy { audit-key = \"" + young + "\"";
    assertThat(run("audit", "verify")).isEqualTo(6);
    assertThat(text(out)).contains("entry 1 is signed with key", "which was not given");
  }

  @Test
  void aKilledOperationHasBegunAndNobodyElseIsAlarmed() throws Exception {
    settings =
        ", audit.path = \"%s\" }, secrecy { audit-key = \"%s\""
            .formatted(folder.resolve("audit"), SecretKeys.fresh().get("TIDEMARK_AUDIT_KEY"));
    assertThat(run("apply")).isZero();
    changeSet(SLOW + "_slow", "SELECT pg_sleep(60);", "SELECT 1;");
    writeConf();
    Config config = Settings.load(Optional.of(folder.resolve("my.conf")));
    MigrateProcess killed = MigrateProcess.start(folder, config, "apply");
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (Integer.parseInt(
            value(
                database,
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND state = 'active' AND pid <> pg_backend_pid()"))
        == 0) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(20);
    }
    killed.kill();
    assertThat(
            value(
                database,
                "SELECT stage || ' ' || change_sets FROM tidemark.audit_entries ORDER BY number DESC"
                    + " LIMIT 1"))
        .isEqualTo("begun " + SLOW + "_slow");
    execute(
        database,
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            + " AND datname = current_database() AND usename = current_user");
    assertThat(verdict().getBoolean("intact")).isTrue();

    // As if the kill had come between the commit and the head.
    List<String> lines = Files.readAllLines(head());
    Files.write(head(), lines.subList(0, lines.size() - 1));
    assertThat(verdict().getBoolean("intact")).isTrue();
    assertThat(run("rollback", "--last", "1")).isZero();
    assertThat(verdict().getBoolean("intact")).isTrue();
  }

  @Test
  void runnersAtOnceMakeOneChain() throws Exception {
    assertThat(run("apply")).isZero();
    writeConf();
    List<CompletableFuture<Integer>> runners =
        IntStream.range(0, 4)
            .mapToObj(
                runner ->
                    CompletableFuture.supplyAsync(
                        () ->
                            runIn(
                                new ByteArrayOutputStream(),
                                new ByteArrayOutputStream(),
                                "approve",
                                "202601010001")))
            .toList();
    for (int i = 0; i < 3; i++) {
      assertThat(verdict().getBoolean("intact")).isTrue();
    }
    runners.forEach(runner -> assertThat(runner.join()).isIn(0, 5));
    assertThat(verdict().getBoolean("intact")).isTrue();
  }

  /** A crash of the server takes what was not flushed. */
  @Test
  void anEntryIsOnTheDiskWhenTheHeadKnowsIt() throws Exception {
    assertThat(run("apply")).isZero();
    try (Connection connection = database.connect()) {
      execute(connection, "SET synchronous_commit = off");
      AuditRecord record =
          trail()
              .open(
                  connection,
                  UUID.randomUUID(),
                  OperationKind.SEED,
                  Actor.here("Ann"),
                  Optional.empty(),
                  line -> {});
      for (int i = 0; i < 5; i++) {
        String before = value(connection, "SELECT pg_current_wal_insert_lsn()");
        record.begun(List.of());
        assertThat(value(connection, "SELECT pg_current_wal_flush_lsn() > '" + before + "'"))
            .isEqualTo("t");
      }
      assertThat(value(connection, "SHOW synchronous_commit")).isEqualTo("off");

      execute(
          connection,
          "CREATE RULE nothing AS ON INSERT TO tidemark.audit_entries DO INSTEAD NOTHING");
      assertThat(run("rollback", "--last", "1")).isNotZero();
      assertThat(value(connection, "SELECT to_regclass('public.one')")).isNotNull();
    }
  }

  private Config verdict() throws IOException {
    int exit = run("audit", "verify", "--json");
    assertThat(exit).as(text(err)).isIn(0, 6);
    Config verdict = ConfigFactory.parseString(text(out));
    assertThat(verdict.getBoolean("intact")).isEqualTo(exit == 0);
    return verdict;
  }

  private Path head() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("audit"))) {
      return files.filter(file -> file.toString().endsWith(".head")).findFirst().orElseThrow();
    }
  }

  private void changeSet(String name, String apply, String rollback) throws IOException {
    Path changeSet = Files.createDirectories(folder.resolve("sets").resolve(name));
    Files.writeString(changeSet.resolve("apply.sql"), apply);
    Files.writeString(changeSet.resolve("rollback.sql"), rollback);
    Files.writeString(changeSet.resolve("verify.sql"), "SELECT true;");
    Files.writeString(
        changeSet.resolve("changeset.conf"),
        "title=t, author=Mira Lund, risk=low, risk-assessment=none, touches=[one], phase=expand");
  }

  private int run(String... arguments) throws IOException {
    writeConf();
    out.reset();
    err.reset();
    return runIn(out, err, arguments);
  }

  private void writeConf() throws IOException {
    Path conf = folder.resolve("my.conf");
    String text =
        """
        migrate { change-sets = "%s", lint = off, actor = Ann%s }
        database.url = "%s"
        home = "%s"
        """
            .formatted(folder.resolve("sets"), settings, database.completeJdbcUrl(), folder);
    // Others may be reading it.
    if (!Files.exists(conf) || !Files.readString(conf).equals(text)) {
      Files.writeString(conf, text);
    }
  }

  private int runIn(
      ByteArrayOutputStream output, ByteArrayOutputStream errors, String... arguments) {
    return TidemarkMigrate.run(
        new Console(printer(output), printer(errors), false),
        Stream.of(
                Stream.of("migrate"),
                Stream.of(arguments),
                Stream.of("--config", folder.resolve("my.conf").toString()))
            .flatMap(part -> part)
            .toArray(String[]::new));
  }

  private static PrintStream printer(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
