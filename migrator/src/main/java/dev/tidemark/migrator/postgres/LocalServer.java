package dev.tidemark.migrator.postgres;

import com.sun.security.auth.module.UnixSystem;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.failure.MigratorFailures;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Postgres on this machine: made in a folder on first use, durable, and listening on the loopback
 * address alone. Its owner {@code tidemark} is an ordinary role, as on a managed server.
 *
 * <p>The programs {@code initdb} and {@code pg_ctl} are driven directly, as the server must be able
 * to outlive the process that started it. Postgres refuses to run as root; root therefore runs it
 * in a user namespace of its own ({@code unshare -U}).
 *
 * <p>Not safe for use by several threads or processes at once: {@link SharedServer} is.
 */
public final class LocalServer {
  /** How the server ends its sessions when it is stopped. */
  public enum StopMode {
    /** Sessions are cut off, transactions rolled back, everything is written out. */
    FAST,
    /** As if the machine had lost its power. */
    IMMEDIATE
  }

  private static final Logger LOG = LoggerFactory.getLogger(LocalServer.class);
  private static final String OWNER = "tidemark";
  private static final String SUPERUSER = "postgres";
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final long LARGEST_LOG_BYTES = 16L << 20;

  private static final int PID_LINE = 0;
  private static final int PORT_LINE = 3;
  private static final int STATUS_LINE = 7;

  private final Path folder;
  private final Path binariesFolder;
  private final Map<String, String> settings;

  /**
   * A server that may not exist yet; nothing is touched before {@link #start}.
   *
   * @param folder holds data, log, password and port
   * @param binariesFolder where Postgres's programs are unpacked to
   * @param settings server parameters beyond ours, by name
   */
  public LocalServer(Path folder, Path binariesFolder, Map<String, String> settings) {
    this.folder = folder.toAbsolutePath().normalize();
    this.binariesFolder = binariesFolder.toAbsolutePath().normalize();
    this.settings = new TreeMap<>(settings);
  }

  /** The server's data directory. */
  public Path dataFolder() {
    return folder.resolve("data");
  }

  /** The server's own database, as its ordinary owner. The server must be running. */
  public Database database() {
    return login(OWNER, OWNER);
  }

  /** A database of the server as its superuser. The server must be running. */
  public Database asSuperuser(String database) {
    return login(database, SUPERUSER);
  }

  /** Whether the server takes connections. */
  public boolean isRunning() {
    return state() == State.READY;
  }

  /**
   * Starts the server unless it runs, and makes it first if there is none yet.
   *
   * @throws MigratorException if that fails: {@code TM-MIG-006} to {@code TM-MIG-008}
   */
  public void start() {
    refuseRootWithoutNamespaces();
    try {
      create();
      refuseOtherVersions();
      awaitReady();
      createOwner();
    } catch (IOException | SQLException e) {
      throw MigratorFailures.localServerFailed(folder, reason(e), e);
    }
  }

  /** Stops the server if it runs. */
  public void stop(StopMode mode) {
    if (state() == State.ABSENT) {
      return;
    }
    try {
      String word = mode == StopMode.FAST ? "fast" : "immediate";
      pgCtl("stop", "-m", word);
    } catch (IOException e) {
      throw MigratorFailures.localServerFailed(folder, reason(e), e);
    }
  }

  private void create() throws IOException {
    if (Files.isDirectory(dataFolder())) {
      return;
    }
    LOG.info("Making a Postgres in {}", folder);
    PostgresBinaries.makeFolder(folder);
    writeSecret(passwordFile(), HexFormat.of().formatHex(randomBytes()));

    Path unfinished = folder.resolve("data.unfinished");
    PostgresBinaries.deleteTree(unfinished);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                program("initdb"),
                "--pgdata=" + unfinished,
                "--username=" + SUPERUSER,
                "--pwfile=" + passwordFile(),
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--no-instructions"));
    // The same order of text on every machine; before version 17 only plain C gives that.
    if (majorVersion() >= 17) {
      arguments.addAll(List.of("--locale-provider=builtin", "--locale=C.UTF-8", "--lc-messages=C"));
    } else {
      arguments.add("--no-locale");
    }
    if ("off".equals(settings.get("fsync"))) {
      arguments.add("--no-sync");
    }
    run(arguments);
    Files.move(unfinished, dataFolder(), StandardCopyOption.ATOMIC_MOVE);
  }

  private void refuseOtherVersions() throws IOException {
    String found = Files.readString(dataFolder().resolve("PG_VERSION")).strip();
    if (state() == State.ABSENT && !found.equals(String.valueOf(majorVersion()))) {
      throw MigratorFailures.localServerVersion(folder, found, String.valueOf(majorVersion()));
    }
  }

  /** A server may be starting or stopping still on behalf of a command that was killed. */
  private void awaitReady() throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    State state = state();
    while (state != State.READY) {
      if (System.nanoTime() > deadline) {
        throw new IOException("it did not become ready within " + PATIENCE.toSeconds() + " s");
      }
      if (state == State.ABSENT) {
        launch();
      } else {
        pause();
      }
      state = state();
    }
  }

  private void launch() throws IOException {
    LOG.info("Starting the Postgres in {}", folder);
    if (Files.exists(logFile()) && Files.size(logFile()) > LARGEST_LOG_BYTES) {
      Files.delete(logFile());
    }
    forgetForeignProcess();
    int port = freePort();
    StringBuilder options = new StringBuilder("-p " + port);
    // Loopback TCP only: no socket file whose path could be too long or in another's way.
    options.append(" -c listen_addresses=127.0.0.1 -c unix_socket_directories=''");
    options.append(" -c timezone=UTC -c log_timezone=UTC");
    settings.forEach((name, value) -> options.append(" -c " + name + "=" + value));
    int charactersBefore = log().length();
    try {
      pgCtl("start", "-l", logFile().toString(), "-o", options.toString());
    } catch (IOException e) {
      throw new IOException(reasonInLog(charactersBefore).orElse(e.getMessage()), e);
    }
    Files.writeString(portFile(), String.valueOf(port));
  }

  private void createOwner() throws SQLException {
    try (Connection connection = asSuperuser(SUPERUSER).connect();
        Statement statement = connection.createStatement()) {
      if (!exists(statement, "SELECT FROM pg_roles WHERE rolname = '" + OWNER + "'")) {
        statement.execute(
            "CREATE ROLE %s LOGIN CREATEDB CREATEROLE PASSWORD '%s' IN ROLE pg_monitor"
                .formatted(OWNER, password()));
        // By default it would make its tables in the schema of its name, which is the migrator's.
        statement.execute("ALTER ROLE %s SET search_path = public".formatted(OWNER));
      }
      if (!exists(statement, "SELECT FROM pg_database WHERE datname = '" + OWNER + "'")) {
        statement.execute("CREATE DATABASE %s OWNER %s".formatted(OWNER, OWNER));
      }
    }
  }

  private static boolean exists(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      return rows.next();
    }
  }

  private enum State {
    ABSENT,
    STARTING_OR_STOPPING,
    READY
  }

  /** What {@code postmaster.pid} says, if the process that it names is our server at all. */
  private State state() {
    List<String> lines = pidFileLines();
    if (lines.isEmpty() || processOf(lines).filter(this::isOurs).isEmpty()) {
      return State.ABSENT;
    }
    boolean ready = lines.size() > STATUS_LINE && lines.get(STATUS_LINE).strip().equals("ready");
    return ready ? State.READY : State.STARTING_OR_STOPPING;
  }

  private static Optional<ProcessHandle> processOf(List<String> pidFileLines) {
    String number = pidFileLines.get(PID_LINE).strip();
    return number.matches("[0-9]{1,18}")
        ? ProcessHandle.of(Long.parseLong(number)).filter(ProcessHandle::isAlive)
        : Optional.empty();
  }

  /** Process numbers are used again; what was started on our data directory is ours. */
  private boolean isOurs(ProcessHandle process) {
    return Stream.of(process.info().arguments().orElseGet(() -> new String[0]))
        .anyMatch(dataFolder().toString()::equals);
  }

  /**
   * Where the server died without cleaning up and its process number belongs to somebody else by
   * now, Postgres would take that process for a running server and refuse to start. A dead number
   * is left to Postgres, which looks for remains in shared memory as well.
   */
  private void forgetForeignProcess() throws IOException {
    List<String> lines = pidFileLines();
    if (!lines.isEmpty() && processOf(lines).isPresent()) {
      Files.deleteIfExists(pidFile());
    }
  }

  private List<String> pidFileLines() {
    try {
      return Files.exists(pidFile()) ? Files.readAllLines(pidFile()) : List.of();
    } catch (IOException e) {
      // It vanished between the two looks at it.
      return List.of();
    }
  }

  private Database login(String database, String user) {
    List<String> lines = pidFileLines();
    if (lines.size() <= PORT_LINE) {
      throw MigratorFailures.localServerNotRunning(folder);
    }
    String url = "jdbc:postgresql://127.0.0.1:" + lines.get(PORT_LINE).strip() + "/" + database;
    return new Database(url, user, password());
  }

  private String password() {
    try {
      return Files.readString(passwordFile()).strip();
    } catch (IOException e) {
      throw MigratorFailures.localServerFailed(folder, reason(e), e);
    }
  }

  /** The port of last time, so that a noted URL stays good; another one if that is taken. */
  private int freePort() throws IOException {
    if (Files.exists(portFile())) {
      try (ServerSocket socket = listen(Integer.parseInt(Files.readString(portFile()).strip()))) {
        return socket.getLocalPort();
      } catch (IOException | NumberFormatException e) {
        LOG.debug("The port of last time is taken", e);
      }
    }
    try (ServerSocket socket = listen(0)) {
      return socket.getLocalPort();
    }
  }

  private static ServerSocket listen(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
  }

  private void pgCtl(String action, String... options) throws IOException {
    List<String> command =
        new ArrayList<>(List.of(program("pg_ctl"), action, "-D", dataFolder().toString(), "-w"));
    command.addAll(List.of("-t", String.valueOf(PATIENCE.toSeconds())));
    command.addAll(List.of(options));
    run(command);
  }

  private String program(String name) throws IOException {
    try {
      return PostgresBinaries.unpack(binariesFolder).resolve("bin").resolve(name).toString();
    } catch (NoClassDefFoundError e) {
      throw MigratorFailures.noLocalServer("its programs are not on the class path", e);
    }
  }

  private int majorVersion() throws IOException {
    // "postgres (PostgreSQL) 18.6"
    String answer = run(List.of(program("postgres"), "--version"));
    return Integer.parseInt(answer.replaceFirst("(?s).*\\) (\\d+).*", "$1"));
  }

  private String run(List<String> command) throws IOException {
    List<String> whole = new ArrayList<>(asOrdinaryUser());
    whole.addAll(command);
    // A file and not a pipe: whatever the server keeps open must not keep us waiting.
    Path output = Files.createTempFile("tidemark-postgres", ".out");
    try {
      Process process =
          new ProcessBuilder(whole)
              .directory(new File("/"))
              .redirectInput(new File("/dev/null"))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      int exit = process.waitFor();
      String said = Files.readString(output).strip();
      if (exit != 0) {
        throw new IOException(lastWords(said, exit));
      }
      return said;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private static String lastWords(String said, int exit) {
    return reason(said.lines())
        .orElse(said.isEmpty() ? "exit status " + exit : said.lines().findFirst().orElseThrow());
  }

  /** The last line that tells of trouble. */
  private static Optional<String> reason(Stream<String> lines) {
    return lines
        .filter(line -> line.matches("(?i).*(FATAL|PANIC|error|could not|failed|refuse).*"))
        .reduce((first, second) -> second);
  }

  /** What the server itself wrote since its log had that many characters. */
  private Optional<String> reasonInLog(int charactersBefore) throws IOException {
    String log = log();
    return reason(log.substring(Math.min(charactersBefore, log.length())).lines());
  }

  private String log() throws IOException {
    return Files.exists(logFile()) ? Files.readString(logFile()) : "";
  }

  /** Postgres refuses to run as root; within a user namespace of its own, nobody is. */
  private static List<String> asOrdinaryUser() {
    return isRoot() ? List.of("unshare", "-U") : List.of();
  }

  private static boolean isRoot() {
    return new UnixSystem().getUid() == 0;
  }

  private void refuseRootWithoutNamespaces() {
    try {
      if (isRoot()) {
        run(List.of("true"));
      }
    } catch (IOException e) {
      throw MigratorFailures.noLocalServer(
          "Postgres refuses to run as root, and `unshare -U` does not work here: "
              + reason(e)
              + "; as an ordinary user it would run",
          e);
    }
  }

  private static void writeSecret(Path file, String secret) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, secret, StandardOpenOption.TRUNCATE_EXISTING);
  }

  private static byte[] randomBytes() {
    byte[] bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String reason(Exception e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    return e instanceof FileSystemException
        ? e.getClass().getSimpleName().replace("Exception", "") + ": " + message
        : message;
  }

  private Path passwordFile() {
    return folder.resolve("password");
  }

  private Path portFile() {
    return folder.resolve("port");
  }

  private Path pidFile() {
    return dataFolder().resolve("postmaster.pid");
  }

  private Path logFile() {
    return folder.resolve("server.log");
  }
}
