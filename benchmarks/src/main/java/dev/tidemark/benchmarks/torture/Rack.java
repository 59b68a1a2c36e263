package dev.tidemark.benchmarks.torture;

import dev.tidemark.migrator.operation.ApplyOptions;
import dev.tidemark.migrator.operation.Migrator;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.postgres.LocalServer;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.pipeline.torture.Torture;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Postgres, and a folder for each round. */
final class Rack implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rack.class);

  private final Path folder;
  private final LocalServer server;

  private Rack(Path folder, LocalServer server) {
    this.folder = folder;
    this.server = server;
  }

  static Rack open(Path folder) {
    LocalServer server =
        new LocalServer(
            folder.resolve("postgres"), folder.resolve("postgres").resolve("programs"), Map.of());
    server.start();
    return new Rack(folder, server);
  }

  /** One round; its lake, its database and its logs stay if it differs. */
  Torture.Report round(long seed, int commands) throws SQLException, IOException {
    Path own = folder.resolve("seed-" + seed);
    delete(own);
    Files.createDirectories(own);
    String name = "torture_" + (seed & Long.MAX_VALUE);
    execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    execute("CREATE DATABASE " + name + " OWNER tidemark");
    Database database = server.database().named(name);
    Migrator.open(database, Settings.parse("")).apply(ApplyOptions.all());
    LOG.info("Round with seed {} in {}", seed, own);
    Torture.Report report;
    try (PrintStream steps =
            new PrintStream(
                Files.newOutputStream(own.resolve("steps.log")), true, StandardCharsets.UTF_8);
        Torture torture = new Torture(seed, commands, own, database, steps::println)) {
      report = torture.run();
    }
    LOG.info(report.text());
    if (report.differences().isEmpty()) {
      execute("DROP DATABASE " + name + " WITH (FORCE)");
      delete(own);
    }
    return report;
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = server.asSuperuser("postgres").connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
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

  @Override
  public void close() {
    server.stop(LocalServer.StopMode.FAST);
  }
}
