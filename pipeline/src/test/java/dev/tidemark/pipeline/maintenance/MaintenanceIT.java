package dev.tidemark.pipeline.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.landing.Landing;
import dev.tidemark.pipeline.rollup.Rollup;
import dev.tidemark.pipeline.rollup.RollupReport;
import dev.tidemark.pipeline.testing.EventGenerator;
import dev.tidemark.pipeline.testing.FaultyFileSystem;
import dev.tidemark.pipeline.testing.HeardConflicts;
import dev.tidemark.pipeline.testing.ListSource;
import dev.tidemark.pipeline.testing.Oracle;
import dev.tidemark.pipeline.testing.TestLake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaintenanceIT {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  @TempDir Path folder;
  private Lake lake;
  private final ListSource source = new ListSource("list");
  private final Oracle oracle = new Oracle();
  private final EventGenerator random = new EventGenerator(21, START, 24);

  @BeforeEach
  void open() {
    lake = TestLake.create(folder);
  }

  /** Small landings of one date; the second date rests. */
  @Test
  void smallFilesStayFewAndNoRowAndNoFeedChanges() {
    land(new EventGenerator(22, START.plusSeconds(86_400), 24).events(5));
    land(new EventGenerator(23, START.plusSeconds(86_400), 24).events(5));
    landSmall(3);
    rollup();
    long hourly = lake.usageHourly().version();
    List<Row> revisions = revisions();

    MaintenanceReport planned = maintain(true);
    assertThat(table(planned, "usage_events"))
        .extracting(MaintenanceReport.Table::filesAfter, MaintenanceReport.Table::compacted)
        .containsExactly(5L, 2);
    assertThat(planned.tables())
        .extracting(MaintenanceReport.Table::name)
        .as("every table of the lake")
        .containsExactlyInAnyOrder(folder.toFile().list());
    assertThat(lake.usageEvents().read().inputFiles()).as("only told").hasSize(5);

    MaintenanceReport done = maintain(false);
    assertThat(table(done, "usage_events"))
        .extracting(MaintenanceReport.Table::filesBefore, MaintenanceReport.Table::filesAfter)
        .containsExactly(5L, 2L);
    assertThat(table(done, "window_revisions"))
        .extracting(MaintenanceReport.Table::filesBefore, MaintenanceReport.Table::filesAfter)
        .containsExactly(2L, 1L);
    assertThat(revisions()).as("the revision of a window counts them").isEqualTo(revisions);
    assertThat(rollup().windows()).as("compaction is no change").isEmpty();
    assertThat(lake.usageHourly().version())
        .as("the floor, no row, and no note of a VACUUM that would find nothing")
        .isEqualTo(hourly + 1);
    oracle.assertEqualTo(lake);
  }

  @Test
  void aDateThatChangedSinceIsLeftAloneUntilItHasTooManySmallFiles() {
    only();
    landSmall(2);
    maintain(false);
    landSmall(3);
    MaintenanceReport.Table left = table(maintain(false), "usage_events");
    assertThat(left.skipped()).as("the date that changed since").isEqualTo(1);
    assertThat(left.filesAfter()).isEqualTo(4);

    landSmall(2);
    assertThat(table(maintain(false), "usage_events").filesAfter())
        .as("with too many small files it is compacted all the same")
        .isEqualTo(1);
  }

  /**
   * VACUUM spares what a rollup has not read, up to the longest retention; a rollup whose feed is
   * gone compares every window (EX-20). The ledger keeps what the next run goes on from.
   */
  @Test
  void aFeedThatWaitsOutlivesCompactionForAWhile() {
    only("window_revisions");
    landSmall(2);
    rollup();
    String old =
        "UPDATE delta.`%1$s/landings` SET landing_version = landing_version - 1000,"
            + " previous_version = 0 WHERE landing_version = 1";
    lake.spark().sql(old.formatted(folder));
    landAlike(2);
    assertThat(files("usage_events")).as("what a reader of older versions needs").isEqualTo(4);

    maintain(false);

    assertThat(files("usage_events")).as("what the rollup has not read stays").isEqualTo(5);
    assertThat(lake.landings().read().select("landing_version").distinct().collectAsList())
        .extracting(row -> row.getLong(0))
        .containsExactlyInAnyOrder(2L, 3L, 4L);
    assertThat(rollup().windows()).as("the hour that arrivals touched").hasSize(1);

    landAlike(6);
    new Maintenance(lake, settings(Duration.ZERO), "test").run(false, (table, number, of) -> {});

    assertThat(files("usage_events")).as("only live files").isEqualTo(1);
    long hours = (long) TestLake.value(lake, "SELECT count(DISTINCT hour_start) FROM ${hourly}");
    assertThat(rollup().windows()).as("the feed is gone: every hour").hasSize((int) hours);
    oracle.assertEqualTo(lake);
  }

  /** Shorter than the week that Delta keeps them of itself. */
  @Test
  void deadFilesGoWhenTheirRetentionIsOver() throws Exception {
    only("window_revisions");
    MaintenanceSettings brief =
        new MaintenanceSettings(
            1 << 27, 1 << 25, 5, Duration.ofSeconds(4), Duration.ofDays(30), Optional.empty());
    landSmall(2);
    rollup();
    new Maintenance(lake, brief, "test").run(false, (table, number, of) -> {});
    Thread.sleep(5_000);
    rollup();
    new Maintenance(lake, brief, "test").run(false, (table, number, of) -> {});

    assertThat(files("usage_events")).isEqualTo(1);
  }

  @Test
  void besideRunsThatLandAndRollUpNumbersStayRight() {
    only("window_revisions");
    MaintenanceSettings eager =
        new MaintenanceSettings(
            1 << 27, 1 << 25, 1, Duration.ofHours(1), Duration.ofHours(1), Optional.empty());
    AtomicBoolean done = new AtomicBoolean();
    landSmall(3);
    rollup();
    CompletableFuture<Integer> compacted =
        CompletableFuture.supplyAsync(
            () -> {
              int dates = 0;
              do {
                MaintenanceReport report =
                    new Maintenance(lake, eager, "test").run(false, (table, number, of) -> {});
                dates += table(report, "usage_events").compacted();
              } while (!done.get());
              return dates;
            });
    try {
      for (int round = 0; round < 3; round++) {
        landSmall(2);
        rollup();
      }
    } finally {
      done.set(true);
    }

    assertThat(compacted.join()).isPositive();
    rollup();
    oracle.assertEqualTo(lake);
  }

  /** EX-22: of two that rewrite the same files the later one is refused, and reads again. */
  @Test
  void ofCompactionAndRollupTheLaterStartsAgain() {
    only("window_revisions");
    FaultyFileSystem.register(lake.spark().sparkContext().hadoopConfiguration());
    Lake slow = new Lake(lake.spark(), "faulty:" + folder);
    rollUpHours(0, 1);
    land(EventGenerator.alike(START, 1));
    String optimize = "OPTIMIZE " + lake.usageHourly().sqlName();
    FaultyFileSystem.before("usage_hourly", 1, () -> lake.spark().sql(optimize));
    try (HeardConflicts conflicts = new HeardConflicts()) {
      new Rollup(slow, "test", (table, partition, done, of) -> {}).run();
      assertThat(conflicts.work()).containsExactly("usage_hourly 2026-03");
    }
    oracle.assertEqualTo(lake);

    rollUpHours(2, 3);
    FaultyFileSystem.before(
        "usage_hourly",
        1,
        () -> {
          land(EventGenerator.alike(START.plusSeconds(7_200), 1));
          rollup();
        });
    try (HeardConflicts conflicts = new HeardConflicts()) {
      MaintenanceReport report =
          new Maintenance(slow, settings(Duration.ofDays(30)), "test")
              .run(false, (table, number, of) -> {});
      assertThat(conflicts.work()).containsExactly("compacting usage_hourly");
      assertThat(table(report, "usage_hourly").lost()).isZero();
    }
    assertThat(FaultyFileSystem.isArmed()).isFalse();
    oracle.assertEqualTo(lake);
  }

  /** Hours that come one after the other, so that each has a file of its own. */
  private void rollUpHours(int... hours) {
    for (int hour : hours) {
      land(EventGenerator.alike(START.plusSeconds(3_600L * hour), 1));
      rollup();
    }
  }

  /** Leaves the tables that every run writes, and these: maintaining each takes seconds. */
  private void only(String... tables) {
    List<String> kept = new ArrayList<>(List.of(tables));
    kept.addAll(List.of("usage_events", "usage_hourly", "usage_daily", "landings"));
    for (String table : folder.toFile().list()) {
      if (!kept.contains(table)) {
        remove(table);
      }
    }
  }

  private void remove(String table) {
    try (Stream<Path> paths = Files.walk(folder.resolve(table))) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private MaintenanceReport maintain(boolean dryRun) {
    return new Maintenance(lake, settings(Duration.ofDays(30)), "test")
        .run(dryRun, (table, number, of) -> {});
  }

  private static MaintenanceSettings settings(Duration longest) {
    return new MaintenanceSettings(1 << 27, 1 << 25, 5, Duration.ZERO, longest, Optional.empty());
  }

  private static MaintenanceReport.Table table(MaintenanceReport report, String name) {
    return report.tables().stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
  }

  private List<Row> revisions() {
    return lake.table("window_revisions")
        .read()
        .orderBy("grain", "window_start", "transaction_version")
        .collectAsList();
  }

  /** Data files that lie in a table's folder, dead or alive. */
  private long files(String table) {
    try (Stream<Path> paths = Files.walk(folder.resolve(table))) {
      return paths
          .filter(path -> path.toString().endsWith(".parquet"))
          .filter(path -> !path.toString().contains("_delta_log"))
          .count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Landings that all touch one hour. */
  private void landAlike(int times) {
    for (int i = 0; i < times; i++) {
      land(EventGenerator.alike(START.plusSeconds(7_200), 1));
    }
  }

  private void landSmall(int times) {
    for (int i = 0; i < times; i++) {
      land(random.events(4));
    }
  }

  private void land(List<Row> events) {
    oracle.deliver(events);
    new Landing(lake, Duration.ofDays(3650), "test").land(source.deliver(events));
  }

  private RollupReport rollup() {
    return new Rollup(lake, "test", (table, partition, done, of) -> {}).run();
  }
}
