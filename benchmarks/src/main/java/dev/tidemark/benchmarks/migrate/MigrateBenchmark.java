package dev.tidemark.benchmarks.migrate;

import com.typesafe.config.Config;
import dev.tidemark.benchmarks.contest.Contest;
import dev.tidemark.benchmarks.contest.ContestReport;
import dev.tidemark.benchmarks.contest.Contestant;
import dev.tidemark.benchmarks.contest.Figures;
import dev.tidemark.benchmarks.contest.Goal;
import dev.tidemark.benchmarks.contest.Ratio;
import dev.tidemark.benchmarks.contest.Turn;
import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.operation.ApplyOptions;
import dev.tidemark.migrator.operation.Migrator;
import dev.tidemark.migrator.operation.RollbackOptions;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.postgres.LocalServer;
import dev.tidemark.migrator.rehearsal.Rehearsal;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.smoke.Writer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
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

  private static final double MOST_TIMES_PLAIN = 1.5;
  private static final long LONGEST_STALL_MILLIS = 1000;
  private static final double LONGEST_LINT_SECONDS = 3;

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
  ContestReport run() throws Exception {
    ContestReport report = new ContestReport("migrate");
    LocalServer server = new LocalServer(folder, folder.resolve("programs"), Map.of());
    server.start();
    try {
      apply(server, report);
      rollback(server, report);
      lint(server, report);
      return report;
    } finally {
      server.stop(LocalServer.StopMode.FAST);
    }
  }

  private void apply(LocalServer server, ContestReport report) throws Exception {
    Contest contest = new Contest(WARM_UPS, runs, told("applying"));
    Contestant migrator =
        contest.enter(
            "migrator",
            new OnDatabase(server, "migrator", one -> migrator(one).apply(ApplyOptions.all())));
    Contestant plain =
        contest.enter(
            "plain",
            new OnDatabase(server, "plain", other -> Plain.apply(other, changeSets(other))));
    contest.run();
    drop(server, "migrator", "plain");
    report
        .contestants(migrator, plain)
        .atMost(MOST_TIMES_PLAIN, Ratio.ofWall("migrator_to_plain", migrator, plain));
  }

  private void rollback(LocalServer server, ContestReport report) throws Exception {
    Database database = create(server, "rollback");
    List<Long> stalls = new ArrayList<>();
    Contest contest = new Contest(1, runs, told("rolling back"));
    try (Writer writer = new Writer(database)) {
      Contestant rollback =
          contest.enter(
              "rollback_with_writer",
              new Turn<Void>() {
                @Override
                public void prepare() throws Exception {
                  migrator(database).apply(ApplyOptions.all());
                  writer.forgetStalls();
                }

                @Override
                public Void work() throws Exception {
                  migrator(database).rollback(new RollbackOptions.Last(1));
                  return null;
                }

                @Override
                public void check(Void nothing) {
                  stalls.add(writer.longestStallMillis());
                }
              });
      contest.run();
      report.contestants(rollback);
    }
    drop(server, "rollback");
    List<Long> counted = stalls.subList(1, stalls.size());
    long longest = Collections.max(counted);
    report
        .with("longest_stall_ms", counted)
        .goal(
            new Goal(
                "longest stall of a writer during a rollback",
                longest + " ms",
                "under %d ms".formatted(LONGEST_STALL_MILLIS),
                longest < LONGEST_STALL_MILLIS));
  }

  private void lint(LocalServer server, ContestReport report) throws Exception {
    Database database = create(server, "lint");
    List<ChangeSet> changeSets = changeSets(database);
    String lastButOne = changeSets.get(changeSets.size() - 2).version();
    migrator(database).apply(ApplyOptions.to(lastButOne));
    Contest contest = new Contest(1, runs, told("linting"));
    Contestant lint =
        contest.enter(
            "lint_of_one_change_set", () -> new Rehearsal(config(database), progress).lint());
    contest.run();
    drop(server, "lint");
    double slowest = Collections.max(lint.wallSeconds());
    report
        .contestants(lint)
        .goal(
            new Goal(
                "slowest lint of one change set",
                Figures.shown(slowest) + " s",
                "under %.0f s".formatted(LONGEST_LINT_SECONDS),
                slowest < LONGEST_LINT_SECONDS));
  }

  /** Work on a database that is made anew before each run. */
  private static final class OnDatabase implements Turn<Void> {
    private final LocalServer server;
    private final String name;
    private final Work work;
    private Database database;

    OnDatabase(LocalServer server, String name, Work work) {
      this.server = server;
      this.name = name;
      this.work = work;
    }

    @Override
    public void prepare() throws SQLException {
      database = create(server, name);
    }

    @Override
    public Void work() throws Exception {
      work.on(database);
      return null;
    }
  }

  @FunctionalInterface
  private interface Work {
    void on(Database database) throws Exception;
  }

  private Consumer<String> told(String what) {
    return line -> progress.accept(what + ": " + line);
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
