package dev.tidemark.migrator.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tidemark.migrator.cli.TidemarkMigrate;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.testing.PostgresExtension;
import dev.tidemark.migrator.testing.Sql;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class ArtifactsIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  @TempDir Path folder;

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void everyOperationLeavesSchemaPlanAndJournalWithoutSecrets() throws Exception {
    Database database = POSTGRES.newDatabase();
    changeSet(
        "202601010001_one",
        "CREATE TABLE public.one (id int DEFAULT length('${token}'));"
            + " COMMENT ON TABLE public.one IS 'password ''geheim''';"
            + " SELECT 'PASSWORD ''hidden''';",
        "DROP TABLE public.one;");
    assertThat(run(database, "apply")).isZero();
    assertThat(operations()).hasSize(1);
    Path first = operations().get(0);
    assertThat(first.getFileName().toString())
        .endsWith("-apply-" + Sql.value(database, "SELECT id FROM tidemark.operations"));
    Config plan = ConfigFactory.parseString(Files.readString(first.resolve("plan.json")));
    assertThat(plan.getConfigList("change_sets").get(0).getStringList("statements").get(0))
        .isEqualTo("CREATE TABLE public.one (id int DEFAULT length('${token}'))");
    assertThat(plan.getConfigList("change_sets").get(0).getString("content_checksum")).hasSize(64);
    List<String> journal = Files.readAllLines(first.resolve("journal.jsonl"));
    assertThat(journal).hasSize(4).allMatch(line -> line.contains("\"outcome\":\"done\""));
    assertThat(ConfigFactory.parseString(journal.get(0)).getInt("statement_number")).isEqualTo(1);
    Config table =
        ConfigFactory.parseString(Files.readString(first.resolve("schema.json")))
            .getConfigList("tables")
            .get(0);
    assertThat(table.getString("name.name")).isEqualTo("one");
    assertThat(table.getConfigList("columns").get(0).getString("default_value"))
        .isEqualTo("length('${token}'::text)");

    changeSet("202601010002_bad", "SELECT '${token}'::int;", "SELECT 1;");
    assertThat(run(database, "apply")).isEqualTo(7);
    assertThat(operations()).hasSize(2);
    Path failed = operations().get(1);
    assertThat(Files.readString(failed.resolve("journal.jsonl")))
        .contains("\"outcome\":\"failed\"", "22P02", "${token}");
    try (Stream<Path> files = Files.walk(folder.resolve("artifacts"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file)).doesNotContain("s3cr3t-t0ken", "geheim", "hidden");
      }
    }

    Files.createDirectories(folder.resolve("artifacts/mine"));
    run(database, "resolve", "202601010002", "--retry", "--reason", "r");
    assertThat(run(database, "rollback", "--last", "1")).isZero();
    assertThat(operations()).hasSize(3).doesNotContain(first);
    assertThat(folder.resolve("artifacts/mine")).exists();

    Files.move(folder.resolve("artifacts"), folder.resolve("elsewhere"));
    Files.writeString(folder.resolve("artifacts"), "in the way");
    assertThat(run(database, "rollback", "--last", "1")).isZero();
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("artifacts of this operation were not kept");
  }

  @Test
  void passwordsAreMaskedHoweverTheyAreWritten() {
    Mask mask = new Mask(Map.of("short", "abc", "long", "abcdef", "longer", "abcdefg"));
    assertThat(mask.hide("CREATE ROLE a PASSWORD 'it''s' LOGIN"))
        .isEqualTo("CREATE ROLE a PASSWORD '***' LOGIN");
    assertThat(mask.hide("password E'a\\'b' x")).isEqualTo("password '***' x");
    assertThat(mask.hide("password=$q$a'b$q$ x")).isEqualTo("password='***' x");
    assertThat(mask.hide("abc abcdef abcdefg")).isEqualTo("abc ${long} ${longer}");
  }

  private List<Path> operations() throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve("artifacts"))) {
      return all.filter(path -> !path.endsWith("mine")).sorted().toList();
    }
  }

  private void changeSet(String name, String apply, String rollback) throws IOException {
    Path changeSet = Files.createDirectories(folder.resolve("sets").resolve(name));
    Files.writeString(changeSet.resolve("apply.sql"), apply);
    Files.writeString(changeSet.resolve("rollback.sql"), rollback);
    Files.writeString(changeSet.resolve("verify.sql"), "SELECT true;");
    Files.writeString(
        changeSet.resolve("changeset.conf"),
        "title=t, author=a, risk=low, risk-assessment=none, touches=[one], phase=expand");
  }

  private int run(Database database, String... arguments) throws Exception {
    err.reset();
    Path conf = folder.resolve("my.conf");
    Files.writeString(
        conf,
        """
        migrate { change-sets = "%s", lint = off, artifacts.keep = 3, placeholders.token = s3cr3t-t0ken }
        database.url = "%s"
        home = "%s"
        """
            .formatted(folder.resolve("sets"), database.completeJdbcUrl(), folder));
    return TidemarkMigrate.run(
        new Console(printer(new ByteArrayOutputStream()), printer(err), false),
        Stream.of(
                Stream.of("migrate"), Stream.of(arguments), Stream.of("--config", conf.toString()))
            .flatMap(part -> part)
            .toArray(String[]::new));
  }

  private static PrintStream printer(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
