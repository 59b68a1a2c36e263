package dev.tidemark.pipeline.landing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeTable;
import dev.tidemark.pipeline.rollup.Rollup;
import dev.tidemark.pipeline.rollup.RollupReport;
import dev.tidemark.pipeline.testing.EventGenerator;
import dev.tidemark.pipeline.testing.KeepingSource;
import dev.tidemark.pipeline.testing.Oracle;
import dev.tidemark.pipeline.testing.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of a lake that somebody puts back to an earlier state (EX-11). */
class TurnedBackIT {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  @TempDir Path folder;
  private Lake lake;
  private final KeepingSource source = new KeepingSource();
  private final Oracle oracle = new Oracle();
  private final EventGenerator random = new EventGenerator(11, START, 30);

  /** A lake after two runs; each test has a copy of it. */
  @TempDir static Path before;

  @BeforeEach
  void twoRuns() throws IOException {
    List<Row> first = random.events(30);
    List<Row> second = random.events(20);
    if (before.toFile().list().length == 0) {
      lake = TestLake.create(before);
      run(first);
      run(second);
    } else {
      deliver(first);
      deliver(second);
    }
    lake = TestLake.copy(before, folder);
  }

  @Test
  void whatWasRestoredAwayOrTruncatedIsReadAgain() {
    long restored = lake.usageEvents().version() - 1;
    sql("RESTORE TABLE ${events} TO VERSION AS OF " + restored);

    run(random.events(5));
    assertThat(source.lastRead()).isEqualTo(55);
    oracle.assertEqualTo(lake);

    run(random.events(1));
    assertThat(source.lastRead()).as("once").isEqualTo(1);

    sql("TRUNCATE TABLE ${events}");
    run(List.of());
    assertThat(source.lastRead()).as("with nothing new too").isEqualTo(56);
    oracle.assertEqualTo(lake);
  }

  /** A clone has no transactions and another identity. */
  @Test
  void aCloneInPlaceOfTheTableIsLandedIntoAnew() throws IOException {
    Path table = folder.resolve("usage_events");
    Path moved = folder.resolve("moved");
    Files.move(table, moved);
    DeltaLog.clearCache();
    sql("CREATE TABLE delta.`" + table + "` SHALLOW CLONE delta.`" + moved + "` VERSION AS OF 2");

    run(random.events(5));

    oracle.assertEqualTo(lake);
  }

  /** Replacing a table keeps its transactions. */
  @Test
  void aTableThatWasReplacedIsLandedIntoAnew() {
    sql(
        "CREATE OR REPLACE TABLE ${events} USING DELTA PARTITIONED BY (event_date) TBLPROPERTIES ("
            + "'delta.enableChangeDataFeed' = 'true', 'tidemark.identity-key' = '"
            + lake.usageEvents().property("tidemark.identity-key")
            + "') AS SELECT * FROM ${events} WHERE latency_ms IS NULL");

    run(List.of());

    assertThat(source.lastRead()).isEqualTo(50);
    oracle.assertEqualTo(lake);
  }

  @Test
  void rollupsThatWereRestoredAreComparedWholeAndForgetfulOnesRefused() {
    sql("RESTORE TABLE ${hourly} TO VERSION AS OF " + (lake.usageHourly().version() - 2));
    RollupReport hours = run(List.of());
    assertThat(hours.windows()).hasSizeGreaterThan(20);
    oracle.assertEqualTo(lake);

    sql("RESTORE TABLE ${daily} TO VERSION AS OF 1");
    run(List.of());

    oracle.assertEqualTo(lake);

    String property = "'delta.setTransactionRetentionDuration' = 'interval 30 days'";
    sql("ALTER TABLE ${hourly} SET TBLPROPERTIES (" + property + ")");
    assertThatThrownBy(() -> run(List.of()))
        .hasMessageContaining("usage_hourly of the lake forgets");
  }

  /** Storage put back from a copy: versions are used again. */
  @Test
  void aLogThatWasPutBackIsSeen() throws IOException {
    long landed = lake.usageEvents().version();
    forgetCommit(lake.usageEvents(), landed);

    run(random.events(5));
    oracle.assertEqualTo(lake);

    run(random.events(3));
    long before = lake.usageHourly().version();
    forgetCommit(lake.usageHourly(), before);
    forgetCommit(lake.usageHourly(), before - 1);
    run(random.events(2));

    oracle.assertEqualTo(lake);
  }

  private RollupReport run(List<Row> events) {
    deliver(events);
    new Landing(lake, Duration.ofDays(3650), "test").land(source);
    return new Rollup(lake, "test", (table, partition, done, of) -> {}).run();
  }

  private void deliver(List<Row> events) {
    source.deliver(events);
    if (!events.isEmpty()) {
      oracle.deliver(events);
    }
  }

  private void sql(String statement) {
    TestLake.rows(lake, statement);
  }

  /** Takes the newest commit out of a table's folder, as if it had been copied before. */
  private void forgetCommit(LakeTable table, long version) throws IOException {
    Path log = folder.resolve(table.name()).resolve("_delta_log");
    String prefix = "%020d.".formatted(version);
    try (Stream<Path> files = Files.list(log)) {
      for (Path file :
          files
              .filter(f -> f.getFileName().toString().replaceFirst("^\\.", "").startsWith(prefix))
              .sorted(Comparator.naturalOrder())
              .toList()) {
        Files.delete(file);
      }
    }
    DeltaLog.clearCache();
  }
}
