package dev.tidemark.pipeline.landing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.rollup.Rollup;
import dev.tidemark.pipeline.testing.EventGenerator;
import dev.tidemark.pipeline.testing.FaultyFileSystem;
import dev.tidemark.pipeline.testing.KeepingSource;
import dev.tidemark.pipeline.testing.Oracle;
import dev.tidemark.pipeline.testing.TestLake;
import dev.tidemark.pipeline.testing.TestSpark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Storage that fails at a commit, or takes it and does not say so: whatever the run makes of it,
 * the next one ends with the events' numbers, and the one after that finds nothing to do.
 */
class LostAnswerIT {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  /** A lake after one run; each test has a copy of it. */
  @TempDir static Path before;

  @TempDir Path folder;

  private final KeepingSource source = new KeepingSource();
  private final Oracle oracle = new Oracle();
  private final EventGenerator random = new EventGenerator(31, START, 30);

  @BeforeAll
  static void register() {
    FaultyFileSystem.register(TestSpark.session().sparkContext().hadoopConfiguration());
  }

  @ParameterizedTest(name = "{0}, commit {1}, written: {2}")
  @CsvSource({
    "landings, 1, true",
    "usage_events, 1, true",
    "usage_events, 1, false",
    "usage_hourly, 1, true",
    "window_revisions, 1, true",
    "usage_daily, 1, true"
  })
  void theNextRunEndsWithTheEventsNumbers(String table, int commit, boolean written)
      throws Exception {
    List<Row> first = random.events(30);
    deliver(first);
    if (before.toFile().list().length == 0) {
      run(TestLake.create(before));
    }
    TestLake.copy(before, folder);
    Lake lake = new Lake(TestSpark.session(), "faulty:" + folder);
    List<Row> second = random.events(20);
    deliver(second);
    source.deliver(List.of(EventGenerator.refused(START)));

    FaultyFileSystem.failAt(table, commit, written);
    try {
      run(lake);
    } catch (Exception e) { // Scala throws what it does not declare.
      assertThat(e).hasStackTraceContaining("The storage does not answer");
    }
    assertThat(FaultyFileSystem.isArmed()).as("the run has met the failure").isFalse();
    run(lake);

    oracle.assertEqualTo(lake);
    assertThat(lake.quarantinedEvents().read().count()).isEqualTo(1);
    List<Long> versions = TestLake.versions(lake);
    run(lake);
    assertThat(TestLake.versions(lake)).as("nothing is left to do").isEqualTo(versions);
  }

  private void deliver(List<Row> events) {
    source.deliver(events);
    oracle.deliver(events);
  }

  private void run(Lake lake) {
    new Landing(lake, Duration.ofDays(3650), "test").land(source);
    new Rollup(lake, "test", (table, partition, done, of) -> {}).run();
  }
}
