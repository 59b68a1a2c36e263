package dev.tidemark.benchmarks.backfill;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tidemark.benchmarks.load.Latencies;
import dev.tidemark.benchmarks.load.SteadyLoad;
import dev.tidemark.benchmarks.machine.Machine;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.operation.ApplyOptions;
import dev.tidemark.migrator.operation.Migrator;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.postgres.LocalServer;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.sql.SqlResource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A steady load of small transactions, alone and beside backfills of different paces, each in a
 * process of its own over a new database and a new lake. It has a durable Postgres of its own below
 * the given folder, whose data stay for the next time.
 */
final class BackfillBenchmark {
  private static final LocalDate FIRST_DAY = LocalDate.parse("2026-01-01");
  private static final int CLIENTS = 4;
  private static final Duration SETTLING = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Map<String, String> SERVER =
      Map.of(
          "shared_buffers", "2GB",
          "max_wal_size", "8GB",
          "checkpoint_timeout", "30min",
          "random_page_cost", "1.1");

  private final Path folder;
  private final Plan plan;
  private final Consumer<String> progress;

  /**
   * What is measured.
   *
   * @param days of history
   * @param eventsOfDay how many each has
   * @param transactions of the load, a second
   * @param measured how long the load is measured alone, and beside a backfill at most
   * @param paces the contestants, in turn
   * @param settings lines of configuration for every backfill
   */
  record Plan(
      int days,
      int eventsOfDay,
      int transactions,
      Duration measured,
      List<Pace> paces,
      List<String> settings) {
    private String database() {
      return "backfill_%d_%d".formatted(days, eventsOfDay);
    }
  }

  BackfillBenchmark(Path folder, Plan plan, Consumer<String> progress) {
    this.folder = folder;
    this.plan = plan;
    this.progress = progress;
  }

  BackfillReport run() throws Exception {
    LocalServer server = new LocalServer(folder, folder.resolve("programs"), SERVER);
    server.start();
    try {
      load(server);
      prepareLauncher();
      List<BackfillReport.Line> lines = new ArrayList<>();
      for (Pace pace : plan.paces()) {
        lines.add(measure(server, pace));
      }
      return new BackfillReport(Machine.here(), plan, lines);
    } finally {
      server.stop(LocalServer.StopMode.FAST);
    }
  }

  private void load(LocalServer server) throws SQLException {
    if (number(
            server.asSuperuser("postgres"),
            "SELECT count(*) FROM pg_database WHERE datname = '%s' AND shobj_description(oid, 'pg_database') = 'loaded'"
                .formatted(plan.database()))
        > 0) {
      return;
    }
    execute(
        server.asSuperuser("postgres"),
        // As the signals of other sessions ask for.
        "GRANT pg_monitor TO tidemark",
        "DROP DATABASE IF EXISTS " + plan.database(),
        "CREATE DATABASE %s OWNER tidemark".formatted(plan.database()));
    Database owner = server.database().named(plan.database());
    Migrator.open(owner, Settings.parse("")).apply(ApplyOptions.all());
    execute(owner, SqlResource.read(BackfillBenchmark.class, "accounts.sql"));
    Database superuser = server.asSuperuser(plan.database());
    execute(owner, "SELECT create_usage_event_partitions(ahead => '1 week', behind => '54 weeks')");
    try (Connection connection = superuser.connect();
        Statement setting = connection.createStatement();
        PreparedStatement insert =
            connection.prepareStatement(SqlResource.read(BackfillBenchmark.class, "events.sql"))) {
      setting.execute("SET session_replication_role = replica");
      for (int day = 0; day < plan.days(); day++) {
        progress.accept("loading day %d of %d".formatted(day + 1, plan.days()));
        insert.setObject(1, FIRST_DAY.plusDays(day));
        insert.setInt(2, plan.eventsOfDay());
        insert.executeUpdate();
      }
    }
    execute(superuser, "VACUUM (ANALYZE)");
    execute(
        server.asSuperuser("postgres"),
        "COMMENT ON DATABASE %s IS 'loaded'".formatted(plan.database()));
  }

  /** After a build the launcher's first job makes an archive of classes, which is no backfill's. */
  private void prepareLauncher() throws Exception {
    progress.accept("preparing the launcher");
    new ProcessBuilder(System.getProperty("tidemark.launcher"), "job", "--help")
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private BackfillReport.Line measure(LocalServer server, Pace pace) throws Exception {
    String name = "backfill_run";
    execute(
        server.asSuperuser("postgres"),
        "DROP DATABASE IF EXISTS %s WITH (FORCE)".formatted(name),
        "CREATE DATABASE %s OWNER tidemark TEMPLATE %s".formatted(name, plan.database()),
        "CHECKPOINT");
    Path home = folder.resolve("home");
    delete(home);
    Files.createDirectories(home);
    Database database = server.database().named(name);
    execute(database, "SELECT count(*) FROM bench.accounts");
    Path said = home.resolve("said");
    Duration every = Duration.ofNanos(CLIENTS * 1_000_000_000L / plan.transactions());
    try (SteadyLoad load =
        new SteadyLoad(CLIENTS, every, number -> new Transfer(database, number))) {
      Thread.sleep(SETTLING.toMillis());
      progress.accept(pace.name() + ": the load alone");
      long begin = System.nanoTime();
      Thread.sleep(plan.measured().toMillis() / 2);
      Latencies alone = load.between(begin, System.nanoTime());
      Process process = start(pace, home, database, said);
      try {
        long begun = await(process, said);
        progress.accept(pace.name() + ": the load beside it");
        if (!process.waitFor(plan.measured().plus(PATIENCE).toSeconds(), TimeUnit.SECONDS)) {
          throw new IllegalStateException("The backfill does not end");
        }
        if (process.exitValue() != ExitCode.DONE.number()
            && process.exitValue() != ExitCode.PARTIAL.number()) {
          throw new IllegalStateException(Files.readString(said));
        }
        long ended = System.nanoTime();
        return new BackfillReport.Line(
            pace, alone, load.between(begun, ended), events(said), (ended - begun) / 1e9);
      } finally {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
      }
    }
  }

  private Process start(Pace pace, Path home, Database database, Path said) throws IOException {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "home = \"%s\"".formatted(home),
                "database { url = \"%s\", user = \"%s\", password = \"%s\" }"
                    .formatted(database.jdbcUrl(), database.user(), database.password()),
                "governor.cores = " + Runtime.getRuntime().availableProcessors()));
    settings.addAll(pace.settings());
    settings.addAll(plan.settings());
    Files.write(home.resolve("my.conf"), settings);
    Path control = home.resolve("control");
    Files.writeString(
        control, pace.rate().isPresent() ? "rate " + pace.rate().getAsLong() : "rate none");
    List<String> command =
        new ArrayList<>(List.of(System.getProperty("tidemark.launcher"), "job", "backfill"));
    command.addAll(List.of("--from", FIRST_DAY + "", "--to", FIRST_DAY.plusDays(plan.days()) + ""));
    command.addAll(List.of("--max-time", plan.measured().toSeconds() + "s"));
    command.addAll(List.of("--config", home + "/my.conf", "--control", control + ""));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("TIDEMARK_HOME", home.toString());
    if (!pace.polite()) {
      builder.environment().put("TIDEMARK_NICE", "0");
    }
    return builder
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(said.toFile())
        .start();
  }

  /** When the first chunk begins: starting a JVM is no part of a backfill's pace. */
  private long await(Process process, Path said) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (last(said, "backfill_chunk_begun").isEmpty()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException(Files.readString(said));
      }
      Thread.sleep(20);
    }
    return System.nanoTime();
  }

  private static long events(Path said) throws IOException {
    return last(said, "backfill_chunk_done").map(line -> line.getLong("events_read")).orElse(0L);
  }

  private static Optional<Config> last(Path said, String event) throws IOException {
    try (Stream<String> lines = Files.lines(said, StandardCharsets.UTF_8)) {
      return lines
          .filter(line -> line.contains("\"event\":\"" + event + "\""))
          .reduce((first, second) -> second)
          .map(ConfigFactory::parseString);
    }
  }

  private static void execute(Database database, String... sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (String one : sql) {
        statement.execute(one);
      }
    }
  }

  private static long number(Database database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement query = connection.createStatement();
        ResultSet rows = query.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> paths = Files.walk(folder)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
