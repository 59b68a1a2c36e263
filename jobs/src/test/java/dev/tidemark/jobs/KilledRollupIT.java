package dev.tidemark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rollup in a process of its own, ended in the middle: the next one mends what it left. */
class KilledRollupIT {
  private static final int EVENTS = 300;

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
    FileEvents events = FileEvents.deliver(folder, EVENTS);

    start();
    // Change sets have made the table, a constraint and a property; then the events come.
    await(() -> Files.exists(commit("usage_events", 3)));
    process.destroyForcibly();
    assertThat(exit()).isEqualTo(137);
    CommandLineRun status = events.run(TidemarkJobs::run, "status", "--json");
    assertThat(status.out())
        .contains("\"state\":\"killed\"", "\"code\":\"TM-PIP-123\"", "\"code\":\"TM-PIP-124\"");

    start();
    await(() -> said().contains("usage_hourly 2026-0"));
    interrupt();
    assertThat(exit()).isEqualTo(130);

    CommandLineRun last = events.run(TidemarkJobs::run, "rollup");
    assertThat(last.exit()).as(last.err()).isZero();
    assertThat(events.hours()).isEqualTo(events.expected());
    status = events.run(TidemarkJobs::run, "status", "--json");
    assertThat(status.out()).endsWith("\"actions\":[]}\n");
    CommandLineRun proof = events.run(TidemarkJobs::run, "reconcile");
    assertThat(proof.exit()).as(proof.out()).isZero();
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
