package dev.tidemark.migrator.cli;

import static dev.tidemark.migrator.testing.Sql.column;
import static dev.tidemark.migrator.testing.Sql.execute;
import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.testing.Interruptible;
import dev.tidemark.migrator.testing.PostgresExtension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class TidemarkMigrateIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  @TempDir Path folder;

  private final Database database = POSTGRES.newDatabase();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void writeConfiguration() throws IOException {
    Path changeSet = Files.createDirectories(folder.resolve("sets/202601010001_one"));
    Files.writeString(changeSet.resolve("apply.sql"), "CREATE TABLE one (id int);");
    Files.writeString(changeSet.resolve("rollback.sql"), "DROP TABLE one;");
    Files.writeString(changeSet.resolve("verify.sql"), "SELECT to_regclass('one') IS NOT NULL;");
    Files.writeString(
        changeSet.resolve("changeset.conf"),
        "title=t, author=a, risk=low, risk-assessment=none, touches=[one], phase=expand");
    Files.writeString(
        folder.resolve("my.conf"),
        "migrate { change-sets = \"%s\", lint = off }, database.url = \"%s\""
            .formatted(folder.resolve("sets"), database.completeJdbcUrl()));
  }

  @Test
  void applyAndRollbackTellWhatTheyDid() {
    assertThat(tidemark("migrate", "apply")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("202601010001  one", "The schema is at 202601010001.");

    assertThat(tidemark("migrate", "rollback", "--last", "1")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("No change set is applied.");
  }

  @Test
  void withJsonEachIsOneDocument() {
    assertThat(json("migrate", "status").getInt("pending")).isEqualTo(1);
    Config applied = json("migrate", "apply");
    assertThat(applied.getString("version")).isEqualTo("202601010001");
    assertThat(applied.getConfigList("applied").get(0).getInt("statements")).isEqualTo(1);

    Config status = json("migrate", "status").getConfigList("change_sets").get(0);
    assertThat(status.getString("state")).isEqualTo("applied");
    assertThat(status.getString("applied_at")).matches("20..-..-..T.*Z");
    assertThat(json("migrate", "rollback", "--to", "0").getConfigList("rolled_back")).hasSize(1);
  }

  @Test
  void aFailureLeavesStandardOutputEmpty() throws IOException {
    Files.writeString(folder.resolve("sets/202601010001_one/apply.sql"), "SELECT 1 / 0");

    assertThat(tidemark("migrate", "apply", "--json")).isEqualTo(7);
    assertThat(out.size()).isZero();
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("TM-MIG-032", "22012", "  Cause:  ", "  Remedy: ")
        .doesNotContain("\tat ");
  }

  @Test
  void badUsageIsTold() {
    assertThat(tidemark("migrate", "rollback")).isEqualTo(2);
    assertThat(tidemark("migrate", "rollback", "--last", "1", "--to", "0")).isEqualTo(2);
    assertThat(tidemark("migrate", "rollback", "--last", "0")).isEqualTo(2);
    assertThat(tidemark("migrate", "apply", "--to", "209901010000")).isEqualTo(2);
    assertThat(tidemark("postgres", "start")).isEqualTo(2);
  }

  @Test
  void theUrlsOfAServerOfOnesOwnAreComplete() {
    assertThat(tidemark("postgres", "url", "--jdbc")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8).strip()).isEqualTo(database.completeJdbcUrl());
  }

  @Test
  void interruptedItEndsWith130AndLeavesNothing() throws Exception {
    Files.writeString(
        folder.resolve("sets/202601010001_one/apply.sql"),
        "CREATE TABLE one (id int); SELECT pg_sleep(600)");
    Process process = start("migrate", "apply");
    awaitSleepers(1);

    new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(130);
    assertThat(Files.readString(folder.resolve("err"))).contains("Interrupted.");
    assertThat(Files.readString(folder.resolve("out"))).isEmpty();
    awaitSleepers(0);
    assertThat(value(database, "SELECT to_regclass('one')")).isNull();
    assertThat(json("migrate", "status").getInt("pending")).isEqualTo(1);
  }

  @Test
  void killedInALongStatementItIsGoneOnWith() throws Exception {
    Files.writeString(
        folder.resolve("sets/202601010001_one/changeset.conf"), conf("transactional=false"));
    Files.writeString(
        folder.resolve("sets/202601010001_one/apply.sql"),
        "CREATE TABLE one (id int); SELECT pg_sleep(seconds) FROM patience");
    execute(database, "CREATE TABLE public.patience AS SELECT 600 AS seconds");
    Process process = start("migrate", "apply");
    awaitSleepers(1);

    process.destroyForcibly().waitFor();

    awaitSleepers(0);
    Config failure =
        json("migrate", "status").getConfigList("change_sets").get(0).getConfig("failure");
    assertThat(failure.getString("state")).isEqualTo("interrupted");
    assertThat(failure.getString("detail")).contains("statement 1 of 2 is done");
    assertThat(failure.getBoolean("resumable")).isTrue();
    assertThat(tidemark("migrate", "status")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("interrupted", "  Remedy: ");

    execute(database, "UPDATE public.patience SET seconds = 0");
    assertThat(tidemark("migrate", "apply")).isZero();
    assertThat(json("migrate", "status").getInt("pending")).isZero();
  }

  @Test
  void killedInATransactionItLeavesNothingAndIsAppliedAgain() throws Exception {
    Files.writeString(
        folder.resolve("sets/202601010001_one/apply.sql"),
        "CREATE TABLE one (id int); SELECT pg_sleep(seconds) FROM patience");
    execute(database, "CREATE TABLE public.patience AS SELECT 600 AS seconds");
    Process process = start("migrate", "apply");
    awaitSleepers(1);

    process.destroyForcibly().waitFor();

    awaitSleepers(0);
    assertThat(value(database, "SELECT to_regclass('public.one')")).isNull();
    assertThat(tidemark("migrate", "rollback", "--last", "1")).isZero();
    assertThat(tidemark("migrate", "apply")).isEqualTo(7);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("TM-MIG-038", "rolled back");
    assertThat(tidemark("migrate", "resolve", "202601010001", "--retry")).isEqualTo(2);
    execute(database, "UPDATE public.patience SET seconds = 0");
    assertThat(tidemark("migrate", "resolve", "202601010001", "--retry", "--reason", "a power cut"))
        .isZero();
    assertThat(tidemark("migrate", "apply")).isZero();
  }

  @Test
  void aFailedChangeSetIsExplainedAndResolved() throws IOException {
    Files.writeString(folder.resolve("sets/202601010001_one/apply.sql"), "SELECT 1 / 0");
    assertThat(tidemark("migrate", "apply")).isEqualTo(7);

    assertThat(tidemark("migrate", "resolve", "202601010001")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains(
            "202601010001_one: failed and rolled back",
            "division by zero",
            "verify.sql line 1: it gave false",
            "--retry",
            "--mark-rolled-back")
        .doesNotContain("--mark-applied");
    assertThat(
            tidemark(
                "migrate", "resolve", "202601010001", "--mark-applied", "--reason", "I say so"))
        .isEqualTo(6);
    Config resolved =
        json("migrate", "resolve", "202601010001", "--mark-rolled-back", "--reason", "as it is");
    assertThat(resolved.getString("decided")).isEqualTo("mark_rolled_back");
    assertThat(tidemark("migrate", "resolve", "202601010001")).isEqualTo(2);
  }

  @Test
  void verifyEndsWith6WhereSomethingIsGone() throws Exception {
    tidemark("migrate", "apply");
    assertThat(tidemark("migrate", "verify")).isZero();
    execute(database, "DROP TABLE public.one");

    assertThat(tidemark("migrate", "verify")).isEqualTo(6);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("202601010001_one", "it gave false");
    assertThat(tidemark("migrate", "baseline", "202601010001")).isEqualTo(6);
  }

  private static String conf(String more) {
    return "title=t, author=a, risk=low, risk-assessment=none, touches=[one], phase=expand, "
        + more;
  }

  private void awaitSleepers(int count) throws Exception {
    String sleepers =
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            + " AND wait_event = 'PgSleep'";
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (column(database, sleepers).size() != count) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  private Process start(String... arguments) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        Stream.concat(
                Stream.of(
                    java,
                    "-cp",
                    System.getProperty("java.class.path"),
                    TidemarkMigrate.class.getName()),
                Stream.of(withConfiguration(arguments)))
            .toList();
    return new ProcessBuilder(Interruptible.command(command))
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(folder.resolve("err").toFile())
        .start();
  }

  private Config json(String... arguments) {
    String[] withJson = Arrays.copyOf(arguments, arguments.length + 1);
    withJson[arguments.length] = "--json";
    assertThat(tidemark(withJson)).isZero();
    String document = out.toString(StandardCharsets.UTF_8);
    assertThat(document.lines()).hasSize(1);
    return ConfigFactory.parseString(document);
  }

  private int tidemark(String... arguments) {
    out.reset();
    err.reset();
    Console console = new Console(printer(out), printer(err), false);
    return TidemarkMigrate.run(console, withConfiguration(arguments));
  }

  private String[] withConfiguration(String... arguments) {
    return Stream.concat(
            Stream.of(arguments), Stream.of("--config", folder.resolve("my.conf").toString()))
        .toArray(String[]::new);
  }

  private static PrintStream printer(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
