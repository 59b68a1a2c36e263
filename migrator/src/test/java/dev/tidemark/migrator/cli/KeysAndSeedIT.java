package dev.tidemark.migrator.cli;

import static dev.tidemark.migrator.testing.Sql.column;
import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class KeysAndSeedIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  @TempDir Path folder;

  private final Database database = POSTGRES.newMigratedDatabase();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private Path keys;

  @BeforeEach
  void writeConfiguration() throws IOException {
    keys = folder.resolve("keys");
    configure("seed.allowed = true");
  }

  @Test
  void withoutKeysNothingIsSeededOrRotated() throws Exception {
    configure("seed.allowed = true, secrecy.key-file = null");
    for (String[] command : new String[][] {{"seed"}, {"keys", "rotate"}, {"keys", "add"}}) {
      assertThat(migrate(command)).isEqualTo(2);
      assertThat(text(err)).contains("TM-MIG-060", "EMAIL_HASH_KEY", "tidemark migrate keys new");
      assertThat(text(out)).isEmpty();
    }
    assertThat(value(database, "SELECT count(*) FROM organizations")).isEqualTo("0");
  }

  @Test
  void newKeysAreLinesForAnEnvironmentOrAFile() throws Exception {
    assertThat(migrate("keys", "new")).isZero();
    assertThat(text(out))
        .matches("EMAIL_HASH_KEY=\\S{44}\nTIDEMARK_KEYSET=\\S+\nTIDEMARK_AUDIT_KEY=\\S{44}\n");

    assertThat(migrate("keys", "new", "--file", keys.toString())).isZero();
    assertThat(text(out)).contains("New keys in " + keys + ": keys [").doesNotContain("=");
    assertThat(migrate("keys", "new", "--file", keys.toString())).isEqualTo(2);
  }

  @Test
  void aKeyIsAddedPromotedRotatedToAndTheOldOneRemoved() throws Exception {
    String first = json("keys", "new", "--file", keys.toString()).getString("primary");
    json("seed");
    String second =
        json("keys", "add").getStringList("keys").stream()
            .filter(id -> !id.equals(first))
            .findAny()
            .orElseThrow();
    assertThat(json("keys", "promote", second).getString("primary")).isEqualTo(second);
    assertThat(migrate("keys", "remove", first)).isEqualTo(3);
    assertThat(text(err)).contains("TM-MIG-069");

    Config dryRun = json("keys", "rotate", "--dry-run");
    assertThat(column(database, "SELECT DISTINCT email_key_id FROM users WHERE email_key_id <> ''"))
        .containsExactly(first);
    Config rotated = json("keys", "rotate");
    assertThat(rotated.getConfigList("columns")).isEqualTo(dryRun.getConfigList("columns"));
    assertThat(column(database, "SELECT DISTINCT email_key_id FROM users WHERE email_key_id <> ''"))
        .containsExactly(second);

    assertThat(json("keys", "remove", first).getStringList("keys")).containsExactly(second);
    assertThat(migrate("keys", "rotate")).isZero();
    assertThat(text(out)).contains("Key " + second + " encrypts every value.");
  }

  @Test
  void seedPrintsTheSameKeysEachTime() throws Exception {
    migrate("keys", "new", "--file", keys.toString());
    assertThat(migrate("seed")).isZero();
    assertThat(text(out)).contains("harbour-labs", "maria.lind@harbour-labs.example", "rows added");
    Config first = json("seed");
    Config second = json("seed");

    assertThat(first.getLong("rows")).isZero();
    assertThat(second.getConfigList("credentials")).isEqualTo(first.getConfigList("credentials"));
    assertThat(first.getConfigList("credentials").get(0).getString("api_key"))
        .matches("tm_dev_[0-9a-f]{40}");
  }

  @Test
  void badUsageAndAForeignDatabaseAreRefused() throws Exception {
    migrate("keys", "new", "--file", keys.toString());
    assertThat(migrate("seed", "--scale", "0")).isEqualTo(2);
    assertThat(migrate("seed", "--scale", "many")).isEqualTo(2);
    assertThat(migrate("keys", "promote", "17")).isEqualTo(2);
    assertThat(migrate("keys", "promote")).isEqualTo(2);
    configure("seed.allowed = false");
    assertThat(migrate("seed")).isEqualTo(3);
    assertThat(text(err)).contains("TM-MIG-074");
  }

  @Test
  void helpListsTheExitCodes() {
    assertThat(migrate("seed", "--help")).isZero();
    assertThat(text(out)).contains("--scale", "refused by a guard", "busy");
    assertThat(migrate("keys", "rotate", "--help")).isZero();
    assertThat(text(out)).contains("--email-hash", "--dry-run", "busy");
  }

  private void configure(String more) throws IOException {
    Files.writeString(
        folder.resolve("my.conf"),
        "database.url = \"%s\", secrecy.key-file = \"%s\"\n%s"
            .formatted(database.completeJdbcUrl(), keys, more));
  }

  private Config json(String... arguments) {
    assertThat(
            migrate(
                Stream.concat(Stream.of(arguments), Stream.of("--json")).toArray(String[]::new)))
        .as(text(err))
        .isZero();
    assertThat(text(out).lines()).hasSize(1);
    return ConfigFactory.parseString(text(out));
  }

  private int migrate(String... arguments) {
    out.reset();
    err.reset();
    Console console = new Console(printer(out), printer(err), false);
    return TidemarkMigrate.run(
        console,
        Stream.of(
                Stream.of("migrate"),
                Stream.of(arguments),
                Stream.of("--config", folder.resolve("my.conf").toString()))
            .flatMap(part -> part)
            .toArray(String[]::new));
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static PrintStream printer(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
