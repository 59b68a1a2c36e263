package dev.tidemark.migrator.cli;

import static dev.tidemark.migrator.testing.Sql.execute;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.operation.OperationLock;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class PartitionsCommandIT {
  private static final String EVENT =
      "INSERT INTO usage_events (occurred_at, organization_id, provider, model, status,"
          + " input_tokens, output_tokens) VALUES ('%s', gen_random_uuid(), 'p', 'm', 'success', 3,"
          + " 4)";

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  @TempDir Path folder;

  private final Database database = POSTGRES.newMigratedDatabase();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void writeConfiguration() throws IOException {
    Files.writeString(
        folder.resolve("my.conf"),
        ("database.url = \"%s\", migrate { lock-timeout = 100ms, lock-attempts = 2, lock-pause ="
                + " 10ms }")
            .formatted(database.completeJdbcUrl()));
  }

  @Test
  void itTellsWhatItDidAndWhatItLeft() throws SQLException {
    execute(database, EVENT.formatted("2024-02-06Z"), EVENT.formatted("infinity"));

    assertThat(partitions("--dry-run")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("would be", "usage_events_20240205  created");
    assertThat(partitions()).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8).lines().map(String::stripTrailing))
        .anyMatch(line -> line.matches("usage_events_default +left +1 +their time .*"))
        .anyMatch(line -> line.matches("usage_events_20240205 +created +1"))
        .anyMatch(line -> line.matches("usage_events_20240205 +kept +no consumer .*"))
        .allMatch(line -> line.length() <= 200);
  }

  @Test
  void withJsonItIsOneDocument() throws SQLException {
    execute(database, EVENT.formatted("2026-02-06Z"));

    assertThat(partitions("--json")).isZero();
    String document = out.toString(StandardCharsets.UTF_8);
    assertThat(document.lines()).hasSize(1);
    Config json = ConfigFactory.parseString(document);
    assertThat(json.getBoolean("dry_run")).isFalse();
    Config step = json.getConfigList("steps").get(0);
    assertThat(step.getString("table")).isEqualTo("usage_events");
    assertThat(step.getString("partition")).isEqualTo("usage_events_20260202");
    assertThat(step.getString("action")).isEqualTo("created");
    assertThat(step.getLong("rows")).isEqualTo(1);
    assertThat(step.getIsNull("reason")).isTrue();

    assertThat(partitions()).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("Nothing to do");
  }

  @Test
  void whatCannotHaveItsLocksIsToldAndTheExitCodeSaysTryAgain() throws SQLException {
    try (Connection open = database.connect()) {
      open.setAutoCommit(false);
      execute(open, EVENT.formatted("2026-02-06Z"));
      execute(database, EVENT.formatted("2026-02-06Z"));

      assertThat(partitions()).isEqualTo(5);
      assertThat(out.toString(StandardCharsets.UTF_8))
          .contains("usage_events_20260202  busy", "other sessions kept their locks");
    }
  }

  @Test
  void anotherOperationAtWorkAndBadSettingsHaveTheirExitCodes() throws IOException {
    OperationLock lock = OperationLock.take(database);
    try {
      assertThat(partitions()).isEqualTo(5);
      assertThat(err.toString(StandardCharsets.UTF_8)).contains("TM-MIG-030");
      assertThat(out.size()).isZero();
    } finally {
      lock.close();
    }
    Files.writeString(folder.resolve("my.conf"), "partitions.usage-events.retire = burn");
    assertThat(partitions()).isEqualTo(2);
    Files.writeString(
        folder.resolve("my.conf"), "database.url = \"jdbc:postgresql://127.0.0.1:1/none\"");
    assertThat(partitions()).isEqualTo(4);
  }

  private int partitions(String... options) {
    out.reset();
    err.reset();
    String[] arguments =
        Stream.concat(
                Stream.of(
                    "migrate", "partitions", "--config", folder.resolve("my.conf").toString()),
                Stream.of(options))
            .toArray(String[]::new);
    return TidemarkMigrate.run(new Console(printer(out), printer(err), false), arguments);
  }

  private static PrintStream printer(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
