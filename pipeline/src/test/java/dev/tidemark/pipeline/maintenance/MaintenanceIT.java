package dev.tidemark.pipeline.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.landing.Landing;
import dev.tidemark.pipeline.rollup.Rollup;
import dev.tidemark.pipeline.rollup.RollupReport;
import dev.tidemark.pipeline.testing.EventGenerator;
import dev.tidemark.pipeline.testing.ListSource;
import dev.tidemark.pipeline.testing.Oracle;
import dev.tidemark.pipeline.testing.TestLake;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
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

    assertThat(table(maintain(true), "usage_events"))
        .extracting(MaintenanceReport.Table::filesAfter, MaintenanceReport.Table::compacted)
        .containsExactly(5L, 2);
    assertThat(table(maintain(false), "usage_events"))
        .extracting(MaintenanceReport.Table::filesBefore, MaintenanceReport.Table::filesAfter)
        .containsExactly(5L, 2L);
    assertThat(rollup().windows()).as("compaction is no change").isEmpty();
    assertThat(lake.usageHourly().read().inputFiles()).hasSize(2);
    assertThat(lake.usageHourly().version()).as("no new rows").isLessThanOrEqualTo(hourly + 2);

    landSmall(3);
    MaintenanceReport.Table left = table(maintain(false), "usage_events");
    assertThat(left.skipped()).as("the date that changed since").isEqualTo(1);
    assertThat(left.filesAfter()).isEqualTo(5);

    landSmall(2);
    assertThat(table(maintain(false), "usage_events").filesAfter())
        .as("with too many small files it is compacted all the same")
        .isEqualTo(2);
    rollup();
    oracle.assertEqualTo(lake);
  }

  /** VACUUM spares what a rollup has not read, up to the longest retention (EX-20). */
  @Test
  void aFeedThatWaitsOutlivesCompactionForAWhile() {
    landSmall(2);
    rollup();
    land(EventGenerator.alike(START.plusSeconds(7_200), 2));
    land(EventGenerator.alike(START.plusSeconds(7_200), 1));
    maintain(false);

    assertThat(rollup().windows()).as("the hours that arrivals touched").hasSize(1);

    land(EventGenerator.alike(START.plusSeconds(3_600), 1));
    land(EventGenerator.alike(START.plusSeconds(3_600), 1));
    land(EventGenerator.alike(START.plusSeconds(3_600), 1));
    landSmall(3);
    new Maintenance(lake, settings(Duration.ZERO), "test").run(false, (table, number, of) -> {});

    assertThat(rollup().windows()).as("the feed is gone: every hour").hasSizeGreaterThan(3);
    assertThat(TestLake.value(lake, "SELECT sum(request_count) FROM ${daily}"))
        .isEqualTo(TestLake.value(lake, "SELECT count(*) FROM ${events}"));
  }

  @Test
  void besideRunsThatLandAndRollUpNumbersStayRight() {
    AtomicBoolean done = new AtomicBoolean();
    landSmall(3);
    rollup();
    CompletableFuture<Integer> maintained =
        CompletableFuture.supplyAsync(
            () -> {
              int rounds = 0;
              do {
                new Maintenance(
                        lake,
                        new MaintenanceSettings(
                            1 << 27, 1 << 25, 1, Duration.ofHours(1), Duration.ofHours(1)),
                        "test")
                    .run(false, (table, number, of) -> {});
                rounds++;
              } while (!done.get());
              return rounds;
            });
    try {
      for (int round = 0; round < 3; round++) {
        landSmall(2);
        rollup();
      }
    } finally {
      done.set(true);
    }

    assertThat(maintained.join()).isPositive();
    oracle.assertEqualTo(lake);
  }

  /** The ledger keeps what the next run goes on from. */
  @Test
  void anOldLedgerIsCutAndLandingGoesOn() {
    landSmall(2);
    String old =
        "UPDATE delta.`%1$s/landings` SET landing_version = landing_version - 1000,"
            + " previous_version = 0 WHERE landing_version = 1";
    lake.spark().sql(old.formatted(folder));

    maintain(false);

    assertThat(lake.landings().read().select("landing_version").distinct().collectAsList())
        .extracting(row -> row.getLong(0))
        .containsExactly(2L);
    assertThat(lake.landings().read().inputFiles()).hasSize(1);
    landSmall(1);
    rollup();
    oracle.assertEqualTo(lake);
  }

  private MaintenanceReport maintain(boolean dryRun) {
    return new Maintenance(lake, settings(Duration.ofDays(30)), "test")
        .run(dryRun, (table, number, of) -> {});
  }

  private static MaintenanceSettings settings(Duration longest) {
    return new MaintenanceSettings(1 << 27, 1 << 25, 5, Duration.ZERO, longest);
  }

  private static MaintenanceReport.Table table(MaintenanceReport report, String name) {
    return report.tables().stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
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
