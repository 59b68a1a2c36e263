package dev.tidemark.migrator.approval;

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
import dev.tidemark.migrator.testing.PostgresExtension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class DualApprovalIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String VERSION = "202601010001";
  private static Database database;

  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private String settings = "";
  private String sets = "";

  @BeforeAll
  static void makeTheDatabase() {
    database = POSTGRES.newDatabase();
  }

  @BeforeEach
  void writeTheChangeSet() throws Exception {
    execute(database, "DROP SCHEMA IF EXISTS tidemark CASCADE", "DROP TABLE IF EXISTS public.one");
    Path changeSet = Files.createDirectories(folder.resolve("sets/" + VERSION + "_one"));
    sets = "change-sets = \"%s\",".formatted(folder.resolve("sets"));
    Files.writeString(changeSet.resolve("apply.sql"), "CREATE TABLE public.one (id int);");
    Files.writeString(changeSet.resolve("rollback.sql"), "DROP TABLE public.one;");
    Files.writeString(changeSet.resolve("verify.sql"), "SELECT true;");
    Files.writeString(
        changeSet.resolve("changeset.conf"),
        "title=t, author=Mira Lund, risk=low, risk-assessment=none, touches=[one], phase=expand");
  }

  @Test
  void authorAndAnotherPersonApproveTheExactBytes() throws Exception {
    assertThat(as("mira lund", "apply")).isEqualTo(3);
    assertThat(text(err)).contains("TM-MIG-110", "its author, Mira Lund", "another person");

    assertThat(as("mira  LUND ", "approve", VERSION)).isZero();
    assertThat(as("Mira Lund", "approve", VERSION)).isZero();
    assertThat(text(out)).contains("1/2 by Mira Lund, until", "another person than its author");
    assertThat(as("Mira Lund", "apply")).isEqualTo(3);
    assertThat(text(err)).contains("another person").doesNotContain("its author, Mira");

    Path apply = folder.resolve("sets/" + VERSION + "_one/apply.sql");
    assertThat(as("Jo", "approve", VERSION, "--reason", "read it")).isZero();
    String before = Files.readString(apply);
    Files.writeString(apply, before + " -- a comment");
    assertThat(as("Jo", "apply")).isEqualTo(3);
    assertThat(text(err))
        .contains("Jo has approved other bytes at", "since then apply.sql was edited");
    assertThat(status().getStringList("lacking")).hasSize(2);
    assertThat(as("Jo", "status")).isZero();
    assertThat(text(out)).contains("0/2", "apply.sql was edited");

    Files.writeString(apply, before);
    assertThat(status().getBoolean("approved")).isTrue();
    assertThat(as("robot", "apply")).isZero();
    execute(
        database,
        "ALTER TABLE tidemark.approvals DISABLE TRIGGER approvals_append_only",
        "UPDATE tidemark.approvals SET expires_at = now() - interval '1 hour'",
        "ALTER TABLE tidemark.approvals ENABLE ALWAYS TRIGGER approvals_append_only");
    assertThat(as("robot", "rollback", "--last", "1")).isZero();
    assertThat(as("robot", "apply")).isEqualTo(3);
    assertThat(text(err)).contains("the approval by Jo has expired at");
    assertThat(column(database, "SELECT kind || ' ' || outcome FROM tidemark.operations"))
        .contains("apply refused", "approve done", "apply done");
  }

  @Test
  void anApprovalCanBeTakenBackAndOnlyByTheOneWhoGaveIt() throws Exception {
    as("Mira Lund", "approve", VERSION);
    as("Jo", "approve", VERSION);
    assertThat(as("Ann", "approve", VERSION, "--revoke")).isEqualTo(2);
    assertThat(text(err)).contains("TM-MIG-112");
    assertThat(as("JO", "approve", VERSION, "--revoke", "--reason", "second thoughts")).isZero();
    assertThat(as("Jo", "apply")).isEqualTo(3);
    assertThat(text(err)).contains("JO has revoked the approval");
    assertThat(as("Jo", "approve", VERSION)).isZero();
    assertThat(as("Jo", "apply")).isZero();
  }

  @Test
  void thosePeopleWithTwoRolesWhereThatIsWanted() throws Exception {
    settings = ", people = [Mira Lund, Jo], distinct-roles = true";
    assertThat(as("Ann", "approve", VERSION)).isEqualTo(3);
    assertThat(text(err)).contains("TM-MIG-111");
    as("Mira Lund", "approve", VERSION);
    as("jo", "approve", VERSION);
    assertThat(as("jo", "apply")).isEqualTo(3);
    assertThat(text(err)).contains("another database role");
  }

  @Test
  void whoIsNoLongerOneOfThePeopleCountsNoMore() throws Exception {
    as("Mira Lund", "approve", VERSION);
    as("Jo", "approve", VERSION);
    assertThat(status().getBoolean("approved")).isTrue();

    settings = ", people = [Mira Lund, Ann]";
    assertThat(as("Ann", "apply")).isEqualTo(3);
    assertThat(text(err))
        .contains("another person than its author", "Jo is not one of migrate.approvals.people");
    assertThat(as("Ann", "approve", VERSION)).isZero();
    assertThat(as("Ann", "apply")).isZero();
  }

  @Test
  void whatTheProgramBringsAlongIsApprovedByTwoPeopleWhoeverTheyAre() throws Exception {
    sets = "";
    assertThat(as("Jo", "status", "--json")).isZero();
    String first =
        ConfigFactory.parseString(text(out))
            .getConfigList("change_sets")
            .get(0)
            .getString("version");
    assertThat(as("Jo", "approve", first)).isZero();
    assertThat(as("JO", "approve", first)).isZero();
    assertThat(status().getBoolean("approved")).isFalse();
    assertThat(status().getStringList("lacking"))
        .containsExactly("approvals by 2 different people");
    assertThat(as("Ann", "approve", first)).isZero();
    assertThat(status().getBoolean("approved")).isTrue();
  }

  @Test
  void brokenGlassLeavesItsMark() throws Exception {
    assertThat(as("Ann", "apply", "--break-glass", " ")).isEqualTo(2);
    settings = ", break-glass = false";
    assertThat(as("Ann", "apply", "--break-glass", "fire")).isEqualTo(3);
    assertThat(text(err)).contains("TM-MIG-113");
    assertThat(value(database, "SELECT to_regclass('public.one')")).isNull();

    settings = "";
    assertThat(as("Ann", "apply", "--break-glass", "the shop is down")).isZero();
    assertThat(value(database, "SELECT reason FROM tidemark.operations WHERE outcome = 'done'"))
        .isEqualTo("break-glass: the shop is down");
    assertThat(status().getString("break_glass.reason")).isEqualTo("the shop is down");
    as("Ann", "status");
    assertThat(text(out)).contains("(glass broken by Ann)");
    assertThat(as("Ann", "rollback", "--last", "1")).isEqualTo(3);
    assertThat(as("Ann", "rollback", "--last", "1", "--break-glass", "still down")).isZero();
  }

  @Test
  void decisionsAreOnlyEverAdded() throws Exception {
    as("Jo", "approve", VERSION);
    for (String attack :
        new String[] {
          "UPDATE tidemark.approvals SET actor = 'Mira Lund'",
          "DELETE FROM tidemark.approvals",
          "TRUNCATE tidemark.approvals"
        }) {
      assertThatThrownBy(() -> execute(database, attack))
          .hasMessageContaining("tidemark.approvals is append-only");
    }
  }

  private Config status() {
    assertThat(as("Ann", "status", "--json")).isZero();
    return ConfigFactory.parseString(text(out))
        .getConfigList("change_sets")
        .get(0)
        .getConfig("approval");
  }

  private int as(String actor, String... arguments) {
    out.reset();
    err.reset();
    try {
      Path conf = folder.resolve("my.conf");
      Files.writeString(
          conf,
          """
          migrate { %s lint = off, actor = "%s", approvals { required = true%s } }
          database.url = "%s"
          home = "%s"
          """
              .formatted(sets, actor, settings, database.completeJdbcUrl(), folder));
      return TidemarkMigrate.run(
          new Console(printer(out), printer(err), false),
          Stream.of(
                  Stream.of("migrate"),
                  Stream.of(arguments),
                  Stream.of("--config", conf.toString()))
              .flatMap(part -> part)
              .toArray(String[]::new));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static PrintStream printer(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
