package dev.tidemark.jobs.demo;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import dev.tidemark.jobs.failure.JobsFailures;
import dev.tidemark.migrator.operation.ApplyOptions;
import dev.tidemark.migrator.operation.Migrator;
import dev.tidemark.migrator.operation.OperationResult;
import dev.tidemark.migrator.operation.RollbackOptions;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The home that a demo fills. It is the demo's if it is empty, or if a demo's marker lies in it.
 *
 * @param folder absolute path of the home
 */
record DemoHome(Path folder) {
  /**
   * The home of a configuration.
   *
   * @throws dev.tidemark.jobs.failure.JobsException if the configuration names a database, a lake
   *     or a source elsewhere, or the lake is not the demo's to replace
   */
  static DemoHome of(Config config) {
    DemoHome home =
        new DemoHome(Path.of(Settings.text(config, "home")).toAbsolutePath().normalize());
    refuseUnless(
        Settings.text(config, "database.url").equals("embedded"),
        "database.url names a server of your own");
    refuseUnless(
        Settings.text(config, "source.type").equals("postgres"), "source.type is not postgres");
    String lake = Settings.text(config, "lake.path");
    refuseUnless(
        Path.of(lake).toAbsolutePath().normalize().equals(home.lake()),
        "lake.path is " + lake + ", which is not the home's own");
    refuseUnless(
        home.isMarked() || isEmpty(home.lake()),
        home.lake() + " has not been made by a demo, and is not empty");
    return home;
  }

  Path lake() {
    return folder.resolve("lake");
  }

  /** Where the partner delivers. */
  Path partnerFolder() {
    return folder.resolve("demo").resolve("partner");
  }

  /** A configuration for runs over the partner's files. */
  Path partnerConfig() {
    return folder.resolve("demo").resolve("partner.conf");
  }

  /**
   * Makes an empty lake and a database with change sets and no rows.
   *
   * @throws dev.tidemark.jobs.failure.JobsException if the database is not the demo's to replace
   */
  void prepare(Database database, Config config, Stages stages) {
    refuseUnless(
        isMarked() || isEmpty(database),
        "the database in " + folder.resolve("postgres") + " has rows that no demo has written");
    try {
      Files.createDirectories(marker().getParent());
      Files.writeString(marker(), "What lies in this home is a demo's; the next one replaces it.");
      delete(lake());
      delete(partnerFolder());
      Files.createDirectories(partnerFolder());
      Files.writeString(partnerConfig(), partnerSettings());
    } catch (IOException e) {
      throw JobsFailures.demoFailed("prepare " + folder, e);
    }
    Migrator migrator = Migrator.open(database, config);
    migrator.rollback(new RollbackOptions.To(RollbackOptions.NOTHING));
    OperationResult applied = migrator.apply(ApplyOptions.all());
    stages.end("Postgres is up; %d change sets applied".formatted(applied.steps().size()));
  }

  private Path marker() {
    return folder.resolve("demo").resolve("made-by-tidemark-demo");
  }

  private boolean isMarked() {
    return Files.exists(marker());
  }

  private String partnerSettings() {
    return """
        # The partner's files into the demo's lake: ./tidemark job rollup --config <this file>
        home = %s
        lake.path = %s
        source {
          type = files, format = json, path = %s
          columns {
            event_id = id, occurred_at = "to_timestamp(time)", organization_id = organization
            provider = provider, model = model, operation = operation, status = status
            input_tokens = prompt_tokens, cached_input_tokens = cached_tokens
            output_tokens = completion_tokens, latency_ms = latency_ms, cost_nano_usd = cost_nano_usd
          }
        }
        """
        .formatted(quoted(folder), quoted(lake()), quoted(partnerFolder()));
  }

  private static String quoted(Path path) {
    return ConfigUtil.quoteString(path.toString());
  }

  private static void refuseUnless(boolean fit, String reason) {
    if (!fit) {
      throw JobsFailures.notDemosHome(reason);
    }
  }

  private static boolean isEmpty(Path folder) {
    try (Stream<Path> files = Files.exists(folder) ? Files.list(folder) : Stream.empty()) {
      return files.findAny().isEmpty();
    } catch (IOException e) {
      throw JobsFailures.demoFailed("look into " + folder, e);
    }
  }

  /** Whether the tables that the demo fills are missing or have no row. */
  private static boolean isEmpty(Database database) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (String table : List.of("organizations", "users", "api_keys", "models", "usage_events")) {
        if (isTrue(statement, "SELECT to_regclass('" + table + "') IS NOT NULL")
            && isTrue(statement, "SELECT EXISTS (SELECT FROM " + table + ")")) {
          return false;
        }
      }
      return true;
    } catch (SQLException e) {
      throw JobsFailures.demoFailed("look into its database", e);
    }
  }

  private static boolean isTrue(Statement statement, String query) throws SQLException {
    try (ResultSet result = statement.executeQuery(query)) {
      return result.next() && result.getBoolean(1);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
