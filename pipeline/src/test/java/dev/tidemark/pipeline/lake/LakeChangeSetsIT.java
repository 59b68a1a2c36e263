package dev.tidemark.pipeline.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.changeset.ChangeSets;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.pipeline.failure.PipelineException;
import dev.tidemark.pipeline.testing.TestLake;
import dev.tidemark.pipeline.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeChangeSetsIT {
  private static final List<String> TABLES =
      List.of(
          "backfill_chunks",
          "change_sets",
          "erasures",
          "governor_decisions",
          "job_runs",
          "job_starts",
          "job_work",
          "landings",
          "quality_results",
          "quarantined_events",
          "reconciliation_results",
          "usage_daily",
          "usage_events",
          "usage_hourly",
          "window_releases",
          "window_revisions");

  @TempDir Path folder;

  @Test
  void eachChangeSetIsAppliedOnce() throws IOException {
    Path lakeFolder = folder.resolve("new/lake");
    Lake lake = new Lake(TestSpark.session(), lakeFolder.toString());
    List<String> names = known().stream().map(ChangeSet::name).toList();

    assertThat(new LakeChangeSets(lake).apply()).isEqualTo(names);
    List<Long> versions = versions(lake);
    String key = lake.usageEvents().property("tidemark.identity-key");

    assertThat(new LakeChangeSets(lake).apply()).isEmpty();
    assertThat(versions(lake)).isEqualTo(versions);
    assertThat(filesIn(lakeFolder)).isEqualTo(TABLES);
    assertThat(key).matches("[0-9a-f]{32}");
    assertThat(lake.usageEvents().property("tidemark.identity-key")).isEqualTo(key);
    assertThat(
            lake.table("change_sets")
                .read()
                .where("operation = 'apply' AND outcome = 'done'")
                .selectExpr("concat(version, '_', description)")
                .collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void aFolderThatHoldsSomethingElseIsRefusedAndLeftAlone() throws IOException {
    Files.createDirectory(folder.resolve("usage_events"));
    Files.writeString(folder.resolve("thesis.txt"), "precious");
    Lake lake = new Lake(TestSpark.session(), folder.toString());
    Lake file = new Lake(TestSpark.session(), folder.resolve("thesis.txt").toString());

    assertRefused(new LakeChangeSets(lake), folder.toString(), "thesis.txt", "lake.path");
    assertRefused(new LakeChangeSets(file), "thesis.txt", "it is a file");
    assertThat(filesIn(folder)).containsExactly("thesis.txt", "usage_events");
    assertThat(filesIn(folder.resolve("usage_events"))).isEmpty();
  }

  @Test
  void aLakeOfANewerProgramIsRefused() {
    Lake lake = TestLake.create(folder);
    List<ChangeSet> older = known().subList(0, known().size() - 1);
    List<Long> versions = versions(lake);

    assertRefused(
        new LakeChangeSets(lake, "tester", older),
        "newer than this program",
        known().get(known().size() - 1).version(),
        older.get(older.size() - 1).version());
    assertThat(versions(lake)).isEqualTo(versions);
  }

  /** As after a kill: some tables, some constraints, folders without a first commit, no history. */
  @Test
  void aRunThatWasKilledHalfWayIsCompleted() throws IOException {
    Path whole = folder.resolve("whole");
    TestLake.create(whole);
    Path killed = folder.resolve("killed");
    Files.createDirectory(killed);
    Files.move(whole.resolve("usage_events"), killed.resolve("usage_events"));
    Files.move(whole.resolve("usage_hourly"), killed.resolve("usage_hourly"));
    // The log's second commit is the constraint, the third a property: without them the kill came
    // after the first.
    try (Stream<Path> log = Files.walk(killed.resolve("usage_hourly/_delta_log"))) {
      for (Path path :
          log.filter(path -> path.getFileName().toString().matches(".*0000[12]\\..*"))
              .sorted(Comparator.reverseOrder())
              .toList()) {
        Files.delete(path);
      }
    }
    for (String begun : List.of("change_sets", "job_runs")) {
      Path log = Files.createDirectories(killed.resolve(begun).resolve("_delta_log"));
      Files.writeString(log.resolve(".00000000000000000000.json.1.tmp"), "{}");
    }
    Lake lake = new Lake(TestSpark.session(), killed.toString());
    String key = lake.usageEvents().property("tidemark.identity-key");
    assertThat(lake.usageHourly().property("delta.constraints.usage_date_is_utc")).isNull();

    new LakeChangeSets(lake).apply();

    assertThat(filesIn(killed)).isEqualTo(TABLES);
    assertThat(TABLES).allMatch(table -> lake.table(table).exists());
    assertThat(new LakeChangeSets(lake).verify().mismatches()).isZero();
    assertThat(lake.usageEvents().property("tidemark.identity-key")).isEqualTo(key);
    assertThat(lake.usageEvents().property("delta.constraints.event_date_is_utc")).isNotNull();
    assertThat(lake.usageHourly().property("delta.constraints.usage_date_is_utc")).isNotNull();
    assertThat(lake.usageDaily().property("delta.constraints.usage_month_is_first_day"))
        .isNotNull();
    assertThat(new LakeChangeSets(lake).apply()).isEmpty();
  }

  private static List<ChangeSet> known() {
    return ChangeSets.readResources(LakeChangeSetsIT.class.getClassLoader(), "db/analytics");
  }

  private static List<Long> versions(Lake lake) {
    return TABLES.stream().map(name -> lake.table(name).version()).toList();
  }

  private static List<String> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static void assertRefused(LakeChangeSets changeSets, String... parts) {
    assertThatThrownBy(changeSets::apply)
        .isInstanceOfSatisfying(
            PipelineException.class,
            refused -> {
              assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
              assertThat(refused).hasMessageContainingAll(parts);
            });
  }
}
