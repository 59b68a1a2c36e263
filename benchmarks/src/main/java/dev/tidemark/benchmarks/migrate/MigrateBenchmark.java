package dev.tidemark.benchmarks.migrate;

import com.typesafe.config.Config;
import dev.tidemark.benchmarks.contest.Contestant;
import dev.tidemark.benchmarks.machine.Machine;
import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.operation.ApplyOptions;
import dev.tidemark.migrator.operation.Migrator;
import dev.tidemark.migrator.operation.RollbackOptions;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.postgres.LocalServer;
import dev.tidemark.migrator.rehearsal.Rehearsal;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.smoke.Writer;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Applies the change sets that Tidemark brings along, by the migrator and plainly, in turn; rolls
 * the last one back while a writer writes to every table; lints the last one. It has a durable
 * Postgres of its own below the given folder, and a new database for every run.
 */
final class MigrateBenchmark {
  /** Before them, the compiler is what is measured. */
  private static final int WARM_UPS = 3;

  private final Path folder;
  private final int runs;
  private final Consumer<String> progress;

  /**
   * @param folder keeps the server
   * @param runs how many of each contestant count
   */
  MigrateBenchmark(Path folder, int runs, Consumer<String> progress) {
    this.folder = folder;
    this.runs = runs;
    this.progress = progress;
  }

  /** Measures everything. */
  MigrateReport run() throws Exception {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    LocalServer server = new LocalServer(folder, folder.resolve("programs"), Map.of());
    server.start();
    try {
      Contestant migrator = new Contestant("migrator");
      Contestant plain = new Contestant("plain");
      apply(server, migrator, plain);
      Contestant rollback = new Contestant("rollback_with_writer");
      List<Long> stalls = rollback(server, rollback);
      Contestant lint = new Contestant("lint_of_one_change_set");
      lint(server, lint);
      return new MigrateReport(Machine.here(), load, migrator, plain, rollback, stalls, lint);
    } finally {
      server.stop(LocalServer.StopMode.FAST);
    }
  }

  private void apply(LocalServer server, Contestant migrator, Contestant plain) throws Exception {
    for (int run = -WARM_UPS; run < runs; run++) {
      progress.accept("applying: " + told(run));
      boolean counted = run >= 0;
      Database one = create(server, "migrator");
      migrator.run(counted, () -> migrator(one).apply(ApplyOptions.all()));
      Database other = create(server, "plain");
      plain.run(counted, () -> Plain.apply(other, changeSets(other)));
    }
    drop(server, "migrator", "plain");
  }

  /** Longest stalls of the writer, in milliseconds, one for each counted run. */
  private List<Long> rollback(LocalServer server, Contestant rollback) throws Exception {
    Database database = create(server, "rollback");
    List<Long> stalls = new ArrayList<>();
    try (Writer writer = new Writer(database)) {
      for (int run = -1; run < runs; run++) {
        progress.accept("rolling back: " + told(run));
        migrator(database).apply(ApplyOptions.all());
        writer.forgetStalls();
        rollback.run(run >= 0, () -> migrator(database).rollback(new RollbackOptions.Last(1)));
        if (run >= 0) {
          stalls.add(writer.longestStallMillis());
        }
      }
    }
    drop(server, "rollback");
    return stalls;
  }

  private void lint(LocalServer server, Contestant lint) throws Exception {
    Database database = create(server, "lint");
    List<ChangeSet> changeSets = changeSets(database);
    String lastButOne = changeSets.get(changeSets.size() - 2).version();
    migrator(database).apply(ApplyOptions.to(lastButOne));
    for (int run = -1; run < runs; run++) {
      progress.accept("linting: " + told(run));
      lint.run(run >= 0, () -> new Rehearsal(config(database), progress).lint());
    }
    drop(server, "lint");
  }

  private static Migrator migrator(Database database) {
    return Migrator.open(database, config(database));
  }

  private static List<ChangeSet> changeSets(Database database) {
    return Migrator.changeSets(config(database));
  }

  /** The defaults, for this database and throw-away ones beside it. */
  private static Config config(Database database) {
    String url = database.completeJdbcUrl();
    return Settings.parse("database.url = \"%s\", migrate.shadow-url = \"%s\"".formatted(url, url));
  }

  private static String told(int run) {
    return run < 0 ? "warming up" : "run " + (run + 1);
  }

  private static Database create(LocalServer server, String name) throws SQLException {
    drop(server, name);
    execute(server, "CREATE DATABASE bench_%s OWNER tidemark".formatted(name));
    return server.database().named("bench_" + name);
  }

  private static void drop(LocalServer server, String... names) throws SQLException {
    for (String name : names) {
      execute(server, "DROP DATABASE IF EXISTS bench_%s WITH (FORCE)".formatted(name));
    }
    // Not while a contestant runs.
    execute(server, "CHECKPOINT");
  }

  private static void execute(LocalServer server, String sql) throws SQLException {
    try (Connection connection = server.asSuperuser("postgres").connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
