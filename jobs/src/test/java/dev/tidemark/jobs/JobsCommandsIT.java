package dev.tidemark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.session.SparkSessions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobsCommandsIT {
  @TempDir Path folder;

  @BeforeEach
  void deliver() throws IOException {
    Files.createDirectory(folder.resolve("in"));
    Files.writeString(
        folder.resolve("in/a.json"),
        """
        {"id":"a1","time":"2026-11-20T10:15:00Z","tokens":5}
        {"id":"a2","time":"2026-11-20T11:15:00Z","tokens":7}
        {"id":"a3","time":"2026-11-21T00:00:00Z","tokens":11}
        {"id":"a1","time":"2026-11-20T10:15:00Z","tokens":5}
        {"id":"a4","time":"2026-11-20T11:15:00Z","tokens":-7}
        """);
  }

  @Test
  void aFolderOfFilesIsRolledUpOnceReconciledAndTold() {
    CommandLineRun first = job("rollup", "--json");

    assertThat(first.exit()).as(first.err()).isZero();
    assertThat(first.out()).hasLineCount(1);
    assertThat(first.number("read")).isEqualTo(5);
    assertThat(first.number("landed")).isEqualTo(3);
    assertThat(first.number("duplicates")).isEqualTo(1);
    assertThat(first.number("quarantined")).isEqualTo(1);
    assertThat(first.number("windows_reprocessed")).isEqualTo(3);
    assertThat(first.number("days_reprocessed")).isEqualTo(2);
    assertThat(first.out())
        .contains("\"hourly\":{\"inserted\":3,\"updated\":0,\"deleted\":0}")
        .contains("\"daily\":{\"inserted\":2,\"updated\":0,\"deleted\":0}");
    assertThat(first.err()).contains("usage_daily");

    List<Long> versions = versions();
    CommandLineRun second = job("rollup", "--json");
    assertThat(second.exit()).isZero();
    assertThat(second.number("landed")).isZero();
    assertThat(second.number("windows_reprocessed")).isZero();
    assertThat(versions()).isEqualTo(versions);
    assertThat(job("rollup", "--dry-run", "--json").out()).isEqualTo("{\"windows\":[]}\n");

    CommandLineRun status = job("status", "--json");
    assertThat(status.number("landed_version")).isEqualTo(status.number("consumed_version"));
    assertThat(status.number("windows_waiting")).isZero();
    assertThat(status.number("quarantined")).isEqualTo(1);
    assertThat(status.value("last_event_at")).isEqualTo("\"2026-11-21T00:00:00Z\"");

    CommandLineRun quarantine = job("quarantine", "list", "--json");
    assertThat(quarantine.number("total")).isEqualTo(1);
    assertThat(quarantine.value("rule")).isEqualTo("\"input-tokens-negative\"");

    assertThat(job("lake", "apply", "--json").out()).isEqualTo("{\"applied\":[]}\n");
    assertThat(job("lake", "status", "--json").out())
        .contains("\"description\":\"usage_events\",\"state\":\"applied\"}")
        .contains("\"operation\":\"apply\",\"outcome\":\"begun\"")
        .contains("\"done_by\":\"" + System.getProperty("user.name") + "\"");
    CommandLineRun verified = job("lake", "verify", "--json");
    assertThat(verified.exit()).as(verified.out()).isZero();
    assertThat(verified.out()).startsWith("{\"mismatches\":0,");
    CommandLineRun planned = job("lake", "rollback", "--to", "0", "--dry-run", "--json");
    assertThat(planned.exit()).as(planned.err()).isZero();
    assertThat(planned.out())
        .contains("\"losses\":[\"2 rows of usage_daily\",\"3 rows of usage_hourly\"]");
    assertRefused(job("lake", "rollback", "--to", "0"), 3, "TM-PIP-134");
    assertThat(job("lake", "rollback", "--last", "1", "--force-data-loss", " ").exit())
        .isEqualTo(2);

    CommandLineRun agreed = job("reconcile", "--json");
    assertThat(agreed.exit()).as(agreed.err()).isZero();
    assertThat(agreed.out())
        .contains(
            "{\"comparison\":\"source-landed\",\"windows\":3,\"requests\":3,\"mismatches\":0}",
            "{\"comparison\":\"landed-hourly\",\"windows\":3,\"requests\":3,\"mismatches\":0}",
            "{\"comparison\":\"hourly-daily\",\"windows\":2,\"requests\":3,\"mismatches\":0}");

    CommandLineRun maintained = job("maintain", "--dry-run", "--json");
    assertThat(maintained.exit()).as(maintained.err()).isZero();
    assertThat(maintained.out())
        .startsWith("{\"dry_run\":true,")
        .contains("{\"table\":\"usage_events\",\"files_before\":2,\"files_after\":2,")
        .contains("\"table\":\"landings\"");
    assertRefused(run(settings() + "maintenance.retention = 1s", "maintain"), 2, "TM-PIP-071");
    assertRefused(job("erase", "--requests"), 2, "TM-PIP-141");

    inLake(
        lake ->
            lake.spark()
                .sql(
                    "UPDATE "
                        + lake.usageHourly().sqlName()
                        + " SET input_tokens = input_tokens + 1"
                        + " WHERE hour_start = TIMESTAMP'2026-11-20 10:00:00Z'"));
    CommandLineRun tampered = job("reconcile", "--json");
    assertThat(tampered.exit()).isEqualTo(6);
    assertThat(tampered.out())
        .contains(
            "{\"comparison\":\"landed-hourly\",\"window_start\":\"2026-11-20T10:00:00Z\","
                + "\"measure\":\"input_tokens\",\"expected\":5,\"actual\":6}");
    assertThat(job("reconcile", "--from", "2026-11-21", "--to", "2026-11-22").exit()).isZero();
    CommandLineRun repaired = job("reconcile", "--repair", "--json");
    assertThat(repaired.exit()).as(repaired.err()).isZero();
    assertThat(repaired.out()).hasLineCount(1).contains("\"mismatches\":0,\"examples\":[]");
    assertThat(runs())
        .containsExactly(
            "rollup done 3 2",
            "rollup done 0 0",
            "reconcile done 3 2",
            "reconcile mismatch 3 2",
            "reconcile done 1 1",
            "reconcile mismatch 3 2",
            "repair done 1 1",
            "reconcile done 3 2");

    inLake(
        lake ->
            lake.spark()
                .sql(
                    "INSERT INTO "
                        + lake.table("change_sets").sqlName()
                        + " (version, description, checksum, applied_at)"
                        + " VALUES (209901010000, 'x', 'x', current_timestamp())"));
    assertRefused(job("rollup"), 2, "TM-PIP-007");
    assertRefused(job("status"), 2, "TM-PIP-007");
  }

  @Test
  void aHeldHourIsToldCheckedAndReleasedAndARefusedEventSubmittedAgain() throws IOException {
    rules("event = \"tokens < 6\"");
    assertRefused(run(rules(), "rollup"), 2, "TM-PIP-103");
    assertThat(folder.resolve("lake")).doesNotExist();

    rules("event = \"input_tokens < 6\"");
    CommandLineRun held = run(rules(), "rollup", "--json");
    assertThat(held.exit()).isEqualTo(3);
    assertThat(held.err()).contains("TM-PIP-110", "2026-11-20T10:00:00Z", "Remedy:");
    assertThat(held.out())
        .hasLineCount(1)
        .contains("\"quality\":{\"held\":[\"2026-11-20T10:00:00Z\"],\"broken\":[")
        .contains("\"hourly\":{\"inserted\":0,");
    assertThat(held.number("quarantined")).isEqualTo(3);

    String hour = "2026-11-20T10:00:00Z";
    assertThat(run(rules(), "check", "--release", hour).exit()).as("no reason").isEqualTo(2);
    CommandLineRun checked = run(rules(), "check", "--json");
    assertThat(checked.exit()).isEqualTo(3);
    assertThat(checked.out())
        .contains("\"held\":[{\"window_start\":\"" + hour + "\",\"held_by\":[\"early\"]}]");
    CommandLineRun released =
        run(rules(), "check", "--release", hour, "--reason", "as agreed", "--json");
    assertThat(released.exit()).as(released.err()).isZero();
    assertThat(released.out()).contains("\"rules\":[\"early\"],\"reason\":\"as agreed\"");

    rules("event = \"input_tokens < 10\"");
    CommandLineRun listed = run(rules(), "quarantine", "list", "--rule", "small", "--json");
    assertThat(listed.number("total")).isEqualTo(2);
    assertThat(listed.out()).contains("\"explanation\":\"each event: input_tokens < 10\"");
    CommandLineRun submitted = run(rules(), "quarantine", "resubmit", "--rule", "small", "--json");
    assertThat(submitted.out())
        .isEqualTo(
            "{\"submitted\":2,\"found\":2,\"accepted\":1,\"landed\":1,"
                + "\"refused_otherwise\":0,\"refused_again\":1}\n");
    CommandLineRun published = run(rules(), "rollup", "--json");
    assertThat(published.exit()).as(published.err()).isZero();
    assertThat(published.out()).contains("\"hourly\":{\"inserted\":2,");
    assertThat(run(rules(), "check").exit()).isZero();
  }

  /** Hours before eleven are held, and events are refused by a rule named "small". */
  private void rules(String small) throws IOException {
    Files.writeString(
        folder.resolve("quality.conf"),
        """
        rules = [
          { name = small, %s, severity = quarantine }
          { name = early, hour = "hour(hour_start) > 10", severity = stop }
        ]
        """
            .formatted(small));
  }

  private String rules() {
    return settings() + "quality.rules = \"" + folder.resolve("quality.conf") + "\"";
  }

  @Test
  void aFolderThatIsNotOursIsRefused() throws IOException {
    Files.createDirectories(folder.resolve("lake/photos"));

    assertRefused(job("rollup"), 2, "TM-PIP-006");
    assertThat(folder.resolve("lake")).isDirectoryContaining("glob:**/photos");
  }

  @Test
  void aLakeThatIsNotThereIsMadeByNoQuestion() {
    for (String question : List.of("status", "rollup --dry-run", "quarantine list")) {
      assertRefused(job(question.split(" ")), 2, "TM-PIP-042");
    }
    assertThat(folder.resolve("lake")).doesNotExist();
  }

  @Test
  void aMistypedKeyIsRefused() {
    assertRefused(run("lake.pth = x", "rollup"), 2, "lake.path");
  }

  @Test
  void aMissingConfigurationIsRefused() {
    assertRefused(
        CommandLineRun.of(TidemarkJobs::run, "rollup", "--config", folder + "/none.conf"),
        2,
        "none.conf");
  }

  @Test
  void aMissingFolderOfFilesIsRefused() throws IOException {
    Files.delete(folder.resolve("in/a.json"));
    Files.delete(folder.resolve("in"));

    assertRefused(job("rollup"), 2, "TM-PIP-015");
  }

  @Test
  void aDatabaseOutOfReachIsToldBeforeSparkStarts() {
    CommandLineRun run =
        run("database.url = \"jdbc:postgresql://127.0.0.1:9/none\", home = " + folder, "rollup");

    assertRefused(run, 4, "127.0.0.1:9");
    assertThat(SparkSession.getActiveSession().isEmpty()).isTrue();
  }

  @Test
  void aRangeThatIsNoneIsRefused() {
    assertThat(job("reconcile", "--from", "2026-11-20").exit()).isEqualTo(2);
    assertThat(job("reconcile", "--from", "yesterday", "--to", "2026-11-20").exit()).isEqualTo(2);
    assertThat(job("reconcile", "--from", "2026-11-20", "--to", "2026-11-19").exit()).isEqualTo(2);
    CommandLineRun future = job("reconcile", "--from", "2098-11-20", "--to", "2098-11-21");
    assertThat(future.exit()).isEqualTo(2);
    assertThat(future.err()).contains("lies in the future");
  }

  private static void assertRefused(CommandLineRun run, int exit, String told) {
    assertThat(run.err()).contains(told, "Cause:", "Remedy:").doesNotContain("\tat ");
    assertThat(run.exit()).isEqualTo(exit);
    assertThat(run.out()).isEmpty();
  }

  private CommandLineRun job(String... arguments) {
    return run(settings(), arguments);
  }

  private CommandLineRun run(String hocon, String... arguments) {
    try {
      Path file = Files.writeString(folder.resolve("my.conf"), hocon);
      List<String> all = new ArrayList<>(List.of(arguments));
      all.addAll(List.of("--config", file.toString()));
      return CommandLineRun.of(TidemarkJobs::run, all.toArray(String[]::new));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private String settings() {
    return """
    home = "%1$s/home", lake.path = "%1$s/lake", spark.sql.shuffle.partitions = 2
    source {
      type = files, format = json, path = "%1$s/in"
      columns { event_id = id, occurred_at = "to_timestamp(time)", input_tokens = tokens }
    }
    """
        .formatted(folder);
  }

  private List<String> runs() {
    List<String> runs = new ArrayList<>();
    inLake(
        lake ->
            lake.table("job_runs")
                .read()
                .orderBy("started_at")
                .selectExpr("concat_ws(' ', command, outcome, hours, days)")
                .collectAsList()
                .forEach(row -> runs.add(row.getString(0))));
    return runs;
  }

  private List<Long> versions() {
    List<Long> versions = new ArrayList<>();
    inLake(
        lake -> {
          versions.add(lake.usageEvents().version());
          versions.add(lake.usageHourly().version());
          versions.add(lake.usageDaily().version());
          versions.add(lake.quarantinedEvents().version());
          versions.add(lake.landings().version());
        });
    return versions;
  }

  private void inLake(Consumer<Lake> work) {
    SparkSession spark = SparkSessions.open(Settings.parse(settings()), "JobsCommandsIT");
    try {
      work.accept(Lake.at(spark, folder + "/lake"));
    } finally {
      spark.stop();
    }
  }
}
