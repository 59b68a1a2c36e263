package dev.tidemark.jobs.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.jobs.CommandLineRun;
import dev.tidemark.jobs.TidemarkJobs;
import dev.tidemark.jobs.sql.TidemarkSql;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.testing.Interruptible;
import dev.tidemark.migrator.testing.PostgresExtension;
import dev.tidemark.migrator.testing.Sql;
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
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A backfill of a first history in a process of its own: killed, gone on with, steered. */
class KilledBackfillIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String[] RANGE = {"--from", "2026-02-26", "--to", "2026-03-03T12:00+01:00"};

  @TempDir Path folder;
  private Process process;
  private int started;

  @AfterEach
  void leaveNothingRunning() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  @Test
  void killedItGoesOnWhereItStoppedAndAFileSteersIt() throws Exception {
    Database database = POSTGRES.newMigratedDatabase();
    Sql.execute(
        database,
        """
        INSERT INTO usage_events (id, occurred_at, organization_id, provider, model, status, input_tokens,
          output_tokens)
        SELECT ('00000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid,
          '2026-02-26T00:00:00Z'::timestamptz + make_interval(mins => 24 * n),
          '00000000-0000-0000-0000-00000000000a', 'openai', 'small', 'success', n, 1
        FROM generate_series(0, 359) AS n
        """);
    Files.writeString(folder.resolve("my.conf"), settings(database));
    Path control = folder.resolve("control");

    // A first rollup of so much goes through the governor by itself.
    start("rollup");
    await(() -> said().contains("\"backfill_chunk_done\""));
    process.destroyForcibly();
    assertThat(exit()).isEqualTo(137);
    String killed = said();
    assertThat(killed).contains("\"event\":\"backfill_begun\"", "\"days_done\":0,\"days\":6");

    Files.writeString(control, "pause\nhurry up\n");
    start(with("backfill", "--oldest-first", "--control", control.toString()));
    await(() -> said().contains("\"backfill_paused\""));
    String going = said();
    assertThat(line(going, "backfill_begun"))
        .as("what the killed one has done")
        .matches(".*\"days_done\":[1-6],\"days\":6.*");
    assertThat(line(going, "backfill_notice")).contains("hurry up");
    Thread.sleep(2_500);
    assertThat(said()).as("paused").doesNotContain("\"backfill_chunk_begun\"");

    CommandLineRun other = run(TidemarkJobs::run, with("backfill"));
    assertThat(other.exit()).as(other.err()).isEqualTo(5);
    assertThat(other.err()).contains("TM-PIP-092", "has been at it since");
    CommandLineRun rollup = run(TidemarkJobs::run, "rollup");
    assertThat(rollup.exit()).as(rollup.err()).isEqualTo(5);

    Files.writeString(control, "resume\nrate 1000000\n");
    assertThat(exit()).as(said()).isZero();
    assertThat(line(said(), "backfill_resumed")).contains("the control file says so");
    assertThat(line(said(), "backfill_rate")).contains("1,000,000 events a second");
    assertThat(said()).contains("\"days_done\":6,\"days\":6", "\"left_seconds\":0");

    String hours =
        "SELECT unix_seconds(hour_start), sum(request_count), sum(input_tokens) FROM usage_hourly"
            + " GROUP BY 1 ORDER BY 1";
    assertThat(run(TidemarkSql::run, "--format", "csv", "-e", hours).out().lines().skip(1).toList())
        .isEqualTo(
            Sql.column(
                database,
                "SELECT concat_ws(',', extract(epoch FROM date_trunc('hour', occurred_at))::bigint,"
                    + " count(*), sum(input_tokens)) FROM usage_events"
                    + " GROUP BY date_trunc('hour', occurred_at) ORDER BY"
                    + " date_trunc('hour', occurred_at)"));
    String decisions =
        "SELECT count(DISTINCT run_id), count_if(action = 'control'), count_if(action = 'go') >= 4"
            + " FROM governor_decisions";
    assertThat(run(TidemarkSql::run, "--format", "csv", "-e", decisions).out().lines().skip(1))
        .containsExactly("2,3,true");
    CommandLineRun next = run(TidemarkJobs::run, "rollup", "--json");
    assertThat(next.number("read")).as("nothing is left to the next rollup").isZero();
  }

  @Test
  void badInputIsToldBeforeAnythingStarts() throws IOException {
    Files.writeString(folder.resolve("my.conf"), "home = \"" + folder + "/home\"");
    assertRefused("TM-JOB-020", "--from", "2026-03-02", "--to", "2026-03-01");
    assertRefused("TM-JOB-020", "--from", "2026-03-02", "--to", "2026-03-02");
    assertRefused("TM-JOB-020", "--from", "2026-03-29T02:30 Europe/Berlin", "--to", "2026-04-01");
    assertRefused("TM-JOB-020", "--from", "yesterday", "--to", "2026-04-01");
    assertRefused("TM-PIP-090", "--from", "2098-01-01", "--to", "2099-01-01");
    assertRefused("TM-JOB-021", "--from", "2026-03-01", "--to", "2026-03-02", "--max-time", "soon");
    assertRefused("TM-JOB-021", "--from", "2026-03-01", "--to", "2026-03-02", "--max-time", "0s");
    assertRefused(
        "TM-JOB-022", "--from", "2026-03-01", "--to", "2026-03-02", "--control", folder.toString());
    assertRefused(
        "TM-CLI-001",
        "--from",
        "2026-03-01",
        "--to",
        "2026-03-02",
        "--newest-first",
        "--oldest-first");
    assertThat(folder.resolve("home")).doesNotExist();
  }

  private void assertRefused(String code, String... arguments) {
    CommandLineRun run =
        run(
            TidemarkJobs::run,
            Stream.concat(Stream.of("backfill"), Stream.of(arguments)).toArray(String[]::new));
    assertThat(run.err()).contains(code, "Cause:", "Remedy:");
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
  }

  private String settings(Database database) {
    return """
    home = "%1$s/home", lake.path = "%1$s/lake", spark.sql.shuffle.partitions = 2
    database { url = "%2$s", user = "%3$s", password = "%4$s" }
    backfill { interval = 1h, first-days = 1, most-days = 2, first-run-rows = 100 }
    governor {
      share.first = 0.95
      signals {
        canary { throttle-at = null, stop-at = null }
        active-sessions { throttle-at = null, stop-at = null }
        vacuum { throttle-at = null }
      }
    }
    """
        .formatted(folder, database.jdbcUrl(), database.user(), database.password());
  }

  private static String[] with(String command, String... more) {
    return Stream.of(new String[] {command}, RANGE, more)
        .flatMap(Stream::of)
        .toArray(String[]::new);
  }

  private CommandLineRun run(BiFunction<Console, String[], Integer> main, String... arguments) {
    return CommandLineRun.of(
        main,
        Stream.concat(Stream.of(arguments), Stream.of("--config", folder + "/my.conf"))
            .toArray(String[]::new));
  }

  private void start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens") || argument.startsWith("-XX:"))
        .forEach(command::add);
    command.addAll(List.of("-Duser.timezone=UTC", "-cp", System.getProperty("java.class.path")));
    command.add("dev.tidemark.jobs.TidemarkJobs");
    command.addAll(List.of(arguments));
    command.addAll(List.of("--config", folder + "/my.conf"));
    started++;
    process =
        new ProcessBuilder(Interruptible.command(command))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(folder.resolve("said-" + started).toFile())
            .start();
  }

  private int exit() throws InterruptedException {
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("ended").isTrue();
    return process.exitValue();
  }

  private String said() throws IOException {
    return Files.readString(folder.resolve("said-" + started), StandardCharsets.UTF_8);
  }

  private static String line(String said, String event) {
    return said.lines()
        .filter(line -> line.contains("\"event\":\"" + event + "\""))
        .findFirst()
        .orElse("");
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
