package dev.tidemark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.jobs.sql.TidemarkSql;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.testing.Interruptible;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rollup in a process of its own, ended in the middle: the next one mends what it left. */
class KilledRollupIT {
  private static final int EVENTS = 300;
  private static final Instant FIRST = Instant.parse("2026-01-29T00:00:00Z");

  @TempDir Path folder;
  private Process process;

  @AfterEach
  void leaveNothingRunning() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  @Test
  void whateverIsCutOffTheNextRunEndsWithTheEventsNumbers() throws Exception {
    Map<String, String> expected = deliver();

    start();
    await(() -> Files.exists(commit("usage_events", 2)));
    process.destroyForcibly();
    assertThat(exit()).isEqualTo(137);

    start();
    await(() -> said().contains("usage_hourly 2026-0"));
    interrupt();
    assertThat(exit()).isEqualTo(130);

    CommandLineRun last = run(TidemarkJobs::run, "rollup");
    assertThat(last.exit()).as(last.err()).isZero();
    assertThat(hours()).isEqualTo(expected);
    CommandLineRun proof = run(TidemarkJobs::run, "reconcile");
    assertThat(proof.exit()).as(proof.out()).isZero();
  }

  /** Events of two months, so that either rollup has two units; requests and tokens by hour. */
  private Map<String, String> deliver() throws IOException {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(17);
    List<String> lines = new ArrayList<>();
    Map<Instant, long[]> sums = new TreeMap<>();
    for (int i = 0; i < EVENTS; i++) {
      Instant at = FIRST.plusSeconds(random.nextInt(6 * 86_400));
      int tokens = random.nextInt(1_000);
      lines.add("{\"id\":\"e%d\",\"time\":\"%s\",\"tokens\":%d}".formatted(i, at, tokens));
      long[] sum = sums.computeIfAbsent(at.truncatedTo(ChronoUnit.HOURS), hour -> new long[2]);
      sum[0]++;
      sum[1] += tokens;
    }
    Files.write(Files.createDirectory(folder.resolve("in")).resolve("events.json"), lines);
    Files.writeString(
        folder.resolve("my.conf"),
        """
        home = "%1$s/home", lake.path = "%1$s/lake"
        source {
          type = files, format = json, path = "%1$s/in"
          columns { event_id = id, occurred_at = "to_timestamp(time)", input_tokens = tokens }
        }
        """
            .formatted(folder));
    return sums.entrySet().stream()
        .collect(
            Collectors.toMap(
                sum -> String.valueOf(sum.getKey().getEpochSecond()),
                sum -> sum.getValue()[0] + "," + sum.getValue()[1]));
  }

  /** What the lake says, as {@link #deliver} says it. */
  private Map<String, String> hours() {
    String sql =
        "SELECT unix_seconds(hour_start) AS hour, sum(request_count) AS n, sum(input_tokens) AS t"
            + " FROM usage_hourly GROUP BY 1";
    CommandLineRun answer = run(TidemarkSql::run, "--format", "csv", "-e", sql);
    return answer
        .out()
        .lines()
        .skip(1)
        .map(line -> line.split(",", 2))
        .collect(Collectors.toMap(columns -> columns[0], columns -> columns[1]));
  }

  private CommandLineRun run(BiFunction<Console, String[], Integer> main, String... arguments) {
    return CommandLineRun.of(
        main,
        Stream.concat(Stream.of(arguments), Stream.of("--config", folder + "/my.conf"))
            .toArray(String[]::new));
  }

  private void start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens") || argument.startsWith("-XX:"))
        .forEach(command::add);
    command.addAll(List.of("-Duser.timezone=UTC", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("dev.tidemark.jobs.TidemarkJobs", "rollup"));
    command.addAll(List.of("--config", folder + "/my.conf"));
    process =
        new ProcessBuilder(Interruptible.command(command))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(folder.resolve("said").toFile())
            .start();
  }

  /** What Ctrl-C does. */
  private void interrupt() throws Exception {
    new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
  }

  private int exit() throws InterruptedException {
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("ended").isTrue();
    return process.exitValue();
  }

  private String said() throws IOException {
    return Files.readString(folder.resolve("said"), StandardCharsets.UTF_8);
  }

  private Path commit(String table, int version) {
    return folder.resolve("lake/%s/_delta_log/%020d.json".formatted(table, version));
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private void await(Condition condition) throws Exception {
    Instant deadline = Instant.now().plus(5, ChronoUnit.MINUTES);
    while (!condition.holds()) {
      assertThat(process.isAlive()).as(said()).isTrue();
      assertThat(Instant.now()).as(said()).isBefore(deadline);
      Thread.sleep(20);
    }
  }
}
