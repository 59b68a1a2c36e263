package dev.tidemark.benchmarks.operational;

import dev.tidemark.benchmarks.load.Clients;
import dev.tidemark.benchmarks.load.Latencies;
import dev.tidemark.benchmarks.machine.Machine;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.UserFailure;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.postgres.LocalServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What services ask of the operational schema all day, at two sizes ten times apart, by eight
 * clients at once. It has a Postgres of its own below the given folder, whose databases stay for
 * the next time.
 */
final class OperationalBenchmark {
  private static final Clients CLIENTS =
      new Clients(8, Duration.ofSeconds(3), Duration.ofSeconds(10));
  private static final Clients ONE_CLIENT =
      new Clients(1, Duration.ofSeconds(1), Duration.ofSeconds(20));
  private static final double SLOW_MILLIS = 10_000;

  /** A server with 24 GB as its owner would set it up; durable, as usage is billed by. */
  private static final Map<String, String> SERVER =
      Map.of(
          "shared_buffers", "6GB",
          "effective_cache_size", "16GB",
          "max_wal_size", "16GB",
          "checkpoint_timeout", "30min",
          "maintenance_work_mem", "1GB",
          "work_mem", "64MB",
          "random_page_cost", "1.1",
          "max_parallel_workers_per_gather", "2");

  private final Path folder;
  private final Consumer<String> progress;

  /**
   * @param folder keeps the server
   */
  OperationalBenchmark(Path folder, Consumer<String> progress) {
    this.folder = folder;
    this.progress = progress;
  }

  /**
   * Measures every operation at each of the scales.
   *
   * @throws UserFailure if the disk is too small for what is not loaded yet
   */
  OperationalReport run(List<Scale> scales, long seed) throws Exception {
    LocalServer server = new LocalServer(folder, folder.resolve("programs"), SERVER);
    server.start();
    try {
      requireDisk(server, scales);
      List<OperationalReport.Size> sizes = new ArrayList<>();
      for (Scale scale : scales) {
        sizes.add(measure(server, scale, seed));
      }
      return new OperationalReport(Machine.here(), sizes);
    } finally {
      server.stop(LocalServer.StopMode.FAST);
    }
  }

  private OperationalReport.Size measure(LocalServer server, Scale scale, long seed)
      throws Exception {
    Database superuser = server.asSuperuser(name(scale));
    long loadedSeconds = 0;
    if (!isLoaded(server, scale)) {
      long begin = System.nanoTime();
      create(server, scale);
      new OperationalData(superuser, server.database().named(name(scale)), scale, progress).load();
      loadedSeconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
      execute(server, "COMMENT ON DATABASE %s IS 'loaded'".formatted(name(scale)));
    }
    List<OperationalReport.Line> lines = new ArrayList<>();
    for (Operation operation : Operation.all()) {
      if (operation.inMemory()) {
        progress.accept("reading the tables of look-ups into memory");
        readIntoMemory(superuser);
      }
      progress.accept("%s at %s".formatted(operation.name(), scale));
      lines.add(measure(superuser, operation, scale, seed));
    }
    return new OperationalReport.Size(
        scale,
        loadedSeconds,
        number(server, "SELECT pg_database_size('%s')".formatted(name(scale))),
        lines);
  }

  private static OperationalReport.Line measure(
      Database superuser, Operation operation, Scale scale, long seed) throws Exception {
    Clients clients = operation.goalMillis() > SLOW_MILLIS ? ONE_CLIENT : CLIENTS;
    Latencies latencies =
        clients.work(client -> new Session(superuser, operation, scale, seed + client));
    try (Session session = new Session(superuser, operation, scale, seed)) {
      Set<String> touched = session.partitionsTouched();
      return new OperationalReport.Line(operation, latencies, touched.size());
    }
  }

  /**
   * Reads the tables and indexes of an authentication once, in place of the minutes of calls at
   * random that would do the same.
   */
  private static void readIntoMemory(Database superuser) throws SQLException, IOException {
    byte[] buffer = new byte[1 << 20];
    try (Connection connection = superuser.connect();
        PreparedStatement query =
            connection.prepareStatement(OperationalData.resource("look-up-files.sql"));
        ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        Path first = Path.of(rows.getString(1));
        for (int segment = 0; ; segment++) {
          Path file = segment == 0 ? first : Path.of(first + "." + segment);
          if (!Files.exists(file)) {
            break;
          }
          try (InputStream bytes = Files.newInputStream(file)) {
            while (bytes.read(buffer) >= 0) {
              // What is read lies in the machine's memory now.
            }
          }
        }
      }
    }
  }

  private void requireDisk(LocalServer server, List<Scale> scales) throws SQLException {
    long needed = 0;
    for (Scale scale : scales) {
      needed += isLoaded(server, scale) ? 0 : scale.bytes();
    }
    long free = freeBytes();
    if (free < needed) {
      throw new TooLittleDisk(folder, needed, free);
    }
    progress.accept("needs %d GiB of disk, %d GiB are free".formatted(needed >> 30, free >> 30));
  }

  private long freeBytes() {
    try {
      return Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Scale scale) {
    return "operational_%d_%d".formatted(scale.organizations(), scale.events());
  }

  private static boolean isLoaded(LocalServer server, Scale scale) throws SQLException {
    return number(
            server,
            "SELECT count(*) FROM pg_database WHERE datname = '%s' AND shobj_description(oid, 'pg_database') = 'loaded'"
                .formatted(name(scale)))
        > 0;
  }

  private static void create(LocalServer server, Scale scale) throws SQLException {
    execute(server, "DROP DATABASE IF EXISTS " + name(scale));
    execute(server, "CREATE DATABASE %s OWNER tidemark".formatted(name(scale)));
  }

  private static void execute(LocalServer server, String sql) throws SQLException {
    try (Connection connection = server.asSuperuser("postgres").connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long number(LocalServer server, String sql) throws SQLException {
    try (Connection connection = server.asSuperuser("postgres").connect();
        PreparedStatement query = connection.prepareStatement(sql);
        ResultSet rows = query.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** The disk has no room for the data. */
  static final class TooLittleDisk extends UserFailure {
    private static final long serialVersionUID = 1L;

    TooLittleDisk(Path folder, long neededBytes, long freeBytes) {
      super(
          "TM-BEN-001",
          ExitCode.REFUSED,
          "The disk of %s has no room for this benchmark".formatted(folder),
          "it needs %d GiB, and %d GiB are free".formatted(neededBytes >> 30, freeBytes >> 30),
          "make room, set TIDEMARK_HOME to a folder on a larger disk, or choose smaller --organizations and --events",
          null);
    }
  }
}
