package dev.tidemark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.pipeline.session.SparkSessions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher, run as a user runs it: as a process, from a folder of its own. */
class LauncherIT {
  private static final Path CHECKOUT = Path.of("").toAbsolutePath().getParent();

  /** What the launcher needs besides Java and Maven; none of it is missing on any Linux. */
  private static final List<String> TOOLS =
      List.of(
          "bash",
          "cat",
          "cksum",
          "cut",
          "dirname",
          "env",
          "find",
          "flock",
          "head",
          "ln",
          "mkdir",
          "mktemp",
          "mv",
          "readlink",
          "rm",
          "sed",
          "sleep",
          "sort",
          "touch");

  @TempDir Path folder;
  private Path bin;

  @BeforeEach
  void linkTools() throws IOException {
    bin = Files.createDirectory(folder.resolve("bin"));
    for (String tool : TOOLS) {
      for (String place : List.of("/usr/bin", "/bin")) {
        if (Files.isExecutable(Path.of(place, tool)) && !Files.exists(bin.resolve(tool))) {
          Files.createSymbolicLink(bin.resolve(tool), Path.of(place, tool));
        }
      }
    }
  }

  @Test
  void helpNamesTheCommandsAndNeedsNoJava() throws Exception {
    Answer answer = launch(CHECKOUT, Map.of(), "--help");

    assertThat(answer.exit()).isZero();
    assertThat(answer.out()).contains("demo", "migrate", "job", "sql", "postgres");
  }

  @Test
  void itRunsThroughASymbolicLink() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), CHECKOUT.resolve("tidemark"));
    Path second = Files.createSymbolicLink(bin.resolve("tm"), link);

    Answer answer = launch(second, Map.of(), List.of("--version"));

    assertThat(answer.exit()).isZero();
    assertThat(answer.out()).matches("tidemark [0-9.]+\\S*\\R");
  }

  @Test
  void anUnknownCommandIsRefusedInOneLine() throws Exception {
    assertRefused(launch(CHECKOUT, Map.of(), "frobnicate"), "frobnicate");
  }

  @Test
  void aMissingJavaIsToldInOneLine() throws Exception {
    assertRefused(launch(CHECKOUT, Map.of(), "sql"), "There is no Java here");
  }

  @Test
  void aJavaHomeWithoutJavaIsToldInOneLine() throws Exception {
    assertRefused(launch(CHECKOUT, Map.of("JAVA_HOME", "/nowhere"), "sql"), "/nowhere");
  }

  @ParameterizedTest
  @CsvSource({"1.8.0_392, 1.8.0_392", "11.0.21, 11.0.21", "16, 16"})
  void aJavaThatIsTooOldIsToldInOneLine(String version, String told) throws Exception {
    script(bin.resolve("java"), "echo 'openjdk version \"%s\" 2023-10-17' >&2".formatted(version));

    assertRefused(launch(CHECKOUT, Map.of(), "sql"), "is Java " + told + "; 17 or newer");
  }

  @Test
  void sqlAnswersOverALakeFromAnyFolder() throws Exception {
    Path lake = folder.resolve("home").resolve("lake");
    try (SparkSession spark = SparkSessions.open(Settings.parse("home = " + folder), "setup")) {
      spark.range(5).write().format("delta").save(lake.resolve("numbers").toString());
    }

    Answer answer =
        launch(
            CHECKOUT,
            realJava(Map.of("TIDEMARK_HOME", folder.resolve("home").toString())),
            "sql",
            "--format",
            "csv",
            "-e",
            "SELECT count(*) AS n, sum(id) AS s, current_timezone() AS zone FROM numbers");

    assertThat(answer.err()).isEmpty();
    assertThat(answer.out()).isEqualTo("n,s,zone\r\n5,10,UTC\r\n");
    assertThat(answer.exit()).isZero();
  }

  @Test
  void aJobThatDoesNotExistIsRefusedAsOnACluster() throws Exception {
    Answer answer = launch(CHECKOUT, realJava(Map.of()), "job", "frobnicate");

    assertThat(answer.exit()).isEqualTo(2);
    assertThat(answer.err()).contains("frobnicate", "tidemark job");
  }

  @Test
  void itBuildsOnceAndAgainOnlyWhenASourceIsNewer() throws Exception {
    Path checkout = pretendCheckout();

    Answer first = launch(checkout, pretendJava(), "migrate", "status");
    Answer second = launch(checkout, pretendJava(), "migrate", "status");
    touch(checkout.resolve("db/operational/202511150900_x/apply.sql"), Instant.now());
    Answer third = launch(checkout, pretendJava(), "migrate", "status");

    assertThat(first.exit()).isZero();
    assertThat(first.err()).contains("building …").hasLineCount(1);
    assertThat(first.out()).contains("dev.tidemark.migrator.cli.TidemarkMigrate migrate status");
    assertThat(second.err()).isEmpty();
    assertThat(third.err()).contains("building …");
    assertThat(builds(checkout)).isEqualTo(2);
  }

  @Test
  void itBuildsAgainWhenAJarOfItsClassPathIsGone() throws Exception {
    Path checkout = pretendCheckout();
    launch(checkout, pretendJava(), "migrate", "status");

    Files.delete(checkout.resolve("dependency.jar"));
    launch(checkout, pretendJava(), "migrate", "status");

    assertThat(builds(checkout)).isEqualTo(2);
  }

  @Test
  void twoAtOnceDoNotBuildOverEachOther() throws Exception {
    Path checkout = pretendCheckout();

    Process one = start(checkout.resolve("tidemark"), pretendJava(), List.of("migrate", "status"));
    Process two = start(checkout.resolve("tidemark"), pretendJava(), List.of("migrate", "status"));

    assertThat(one.waitFor()).isZero();
    assertThat(two.waitFor()).isZero();
    assertThat(builds(checkout)).isEqualTo(1);
  }

  @Test
  void aMissingOrOldMavenIsToldInOneLine() throws Exception {
    Path checkout = pretendCheckout();

    Files.delete(bin.resolve("mvn"));
    assertRefused(launch(checkout, pretendJava(), "migrate"), "There is no Maven here");

    script(
        bin.resolve("mvn"), "echo 'Apache Maven 3.6.3 (cecedd343002696d0abb50b32b541b8a6ba2883f)'");
    assertRefused(launch(checkout, pretendJava(), "migrate"), "Maven 3.6.3");
  }

  @Test
  void sparkIsStartedWithTheUsersOptionsAndTheWholeClassPath() throws Exception {
    Path checkout = pretendCheckout();
    Map<String, String> environment =
        with(pretendJava(), Map.of("TIDEMARK_JAVA_OPTS", "-Xmx7g -Dmine=1"));

    Answer answer = launch(checkout, environment, "job", "rollup", "--config", "my file.conf");

    assertThat(answer.out())
        .contains("-Xmx7g -Dmine=1", "-Dspark.master=local[*]", "conf/spark-jvm.options")
        .contains("tidemark-jobs.jar:" + checkout.resolve("dependency.jar"))
        .contains("dev.tidemark.jobs.TidemarkJobs rollup --config my file.conf");
  }

  @Test
  void aBackfillStandsBehindOthersUnlessItIsToldNotTo() throws Exception {
    Path checkout = pretendCheckout();
    // A file of its own, not one that a link leads to.
    Files.deleteIfExists(bin.resolve("nice"));
    script(bin.resolve("nice"), "echo \"nice $1 $2\"; shift 2; exec \"$@\"");

    assertThat(launch(checkout, pretendJava(), "job", "backfill").out())
        .startsWith("nice -n 10")
        .contains("dev.tidemark.jobs.TidemarkJobs backfill");
    assertThat(launch(checkout, pretendJava(), "job", "rollup").out()).doesNotContain("nice");
    Map<String, String> environment = with(pretendJava(), Map.of("TIDEMARK_NICE", "0"));
    assertThat(launch(checkout, environment, "job", "backfill").out())
        .doesNotContain("nice")
        .contains("dev.tidemark.jobs.TidemarkJobs backfill");
  }

  @Test
  void quickStartsArePreparedOnceAndTheirFailureIsNone() throws Exception {
    Path checkout = pretendCheckout();
    Map<String, String> environment = with(pretendJava(), Map.of("TIDEMARK_FAST_START", "on"));

    Answer first = launch(checkout, environment, "job", "rollup");
    Answer second = launch(checkout, environment, "job", "rollup");

    assertThat(first.exit()).isZero();
    assertThat(first.err()).contains("preparing quick starts");
    assertThat(second.err()).isEmpty();
    assertThat(second.out()).doesNotContain("SharedArchiveFile");
  }

  /** A checkout whose Maven takes a second and makes empty jars. */
  private Path pretendCheckout() throws IOException {
    Path checkout = Files.createDirectory(folder.resolve("check out"));
    Files.copy(CHECKOUT.resolve("tidemark"), checkout.resolve("tidemark"));
    Files.setPosixFilePermissions(
        checkout.resolve("tidemark"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Instant before = Instant.now().minusSeconds(60);
    touch(checkout.resolve("pom.xml"), before);
    touch(checkout.resolve("db/operational/202511150900_x/apply.sql"), before);
    for (String module : List.of("migrator", "pipeline", "jobs")) {
      touch(checkout.resolve(module).resolve("pom.xml"), before);
      touch(checkout.resolve(module).resolve("src/main/java/A.java"), before);
    }
    script(
        bin.resolve("mvn"),
        """
        if [[ $1 == --version ]]; then echo 'Apache Maven 3.9.9 (abc)'; exit; fi
        echo built >> builds
        sleep 1
        echo > dependency.jar
        for module in migrator jobs; do
          mkdir -p $module/target/class-path
          echo -n "$PWD/dependency.jar" > $module/target/class-path/own.txt
          echo -n "$PWD/dependency.jar" > $module/target/class-path/provided.txt
          echo > $module/target/tidemark-$module.jar
        done
        """);
    return checkout;
  }

  /** A JDK 21 that prints what it is started with. */
  private Map<String, String> pretendJava() throws IOException {
    Path home = folder.resolve("jdk");
    if (!Files.exists(home)) {
      Files.createDirectories(home.resolve("bin"));
      Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"21.0.1\"\n");
      script(home.resolve("bin/javac"), "exit 1");
      script(home.resolve("bin/java"), "echo \"$*\"");
    }
    return Map.of("JAVA_HOME", home.toString());
  }

  private static Map<String, String> realJava(Map<String, String> environment) {
    return with(environment, Map.of("JAVA_HOME", System.getProperty("java.home")));
  }

  private static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
    Map<String, String> all = new TreeMap<>(some);
    all.putAll(more);
    return all;
  }

  private static long builds(Path checkout) throws IOException {
    return Files.readAllLines(checkout.resolve("builds")).size();
  }

  private static void touch(Path file, Instant time) throws IOException {
    Files.createDirectories(file.getParent());
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
    Files.setLastModifiedTime(file, FileTime.from(time));
    for (Path above = file.getParent(); above.getNameCount() > 3; above = above.getParent()) {
      Files.setLastModifiedTime(above, FileTime.from(time));
    }
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, "#!/usr/bin/env bash\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void assertRefused(Answer answer, String told) {
    assertThat(answer.err()).contains(told).hasLineCount(1);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.exit()).isEqualTo(2);
  }

  private Answer launch(Path checkout, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    return launch(checkout.resolve("tidemark"), environment, List.of(arguments));
  }

  private Answer launch(Path launcher, Map<String, String> environment, List<String> arguments)
      throws IOException, InterruptedException {
    Process process = start(launcher, environment, arguments);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return new Answer(
        process.exitValue(),
        Files.readString(folder.resolve("out")),
        Files.readString(folder.resolve("err")));
  }

  private Process start(Path launcher, Map<String, String> environment, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile());
    builder.environment().clear();
    builder.environment().put("PATH", bin.toString());
    builder.environment().put("TIDEMARK_FAST_START", "off");
    builder.environment().putAll(environment);
    return builder.start();
  }

  private record Answer(int exit, String out, String err) {}
}
