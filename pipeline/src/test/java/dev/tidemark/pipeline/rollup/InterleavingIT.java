package dev.tidemark.pipeline.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.landing.Landing;
import dev.tidemark.pipeline.landing.LandingReport;
import dev.tidemark.pipeline.testing.EventGenerator;
import dev.tidemark.pipeline.testing.FaultyFileSystem;
import dev.tidemark.pipeline.testing.HeardConflicts;
import dev.tidemark.pipeline.testing.ListSource;
import dev.tidemark.pipeline.testing.Oracle;
import dev.tidemark.pipeline.testing.TestLake;
import dev.tidemark.pipeline.testing.TestSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two writers, of whom one stands still at a commit, all work done, until the other one is through:
 * the interleavings on which everything depends, forced and not hoped for.
 */
class InterleavingIT {
  private static final Instant START = Instant.parse("2026-03-31T21:00:00Z");
  private static final Instant APRIL = Instant.parse("2026-04-01T00:00:00Z");
  private static final LocalDate MARCH_MONTH = LocalDate.of(2026, 3, 1);
  private static final LocalDate APRIL_MONTH = LocalDate.of(2026, 4, 1);
  private static final List<Row> FIRST = new EventGenerator(51, START, 6).events(30);

  /** A lake after one run; each test has a copy of it. */
  @TempDir static Path before;

  @TempDir Path folder;

  private final EventGenerator random = new EventGenerator(52, START, 6);
  private final Oracle oracle = new Oracle();
  private final HeardConflicts conflicts = new HeardConflicts();

  /** The same lake: writers stand still in the first and not in the second. */
  private Lake slow;

  private Lake fast;

  @BeforeAll
  static void prepare() {
    FaultyFileSystem.register(TestSpark.session().sparkContext().hadoopConfiguration());
    Lake lake = TestLake.create(before);
    new Landing(lake, Duration.ofDays(3650), "test").land(new ListSource("list").deliver(FIRST));
    rollup(lake);
  }

  @BeforeEach
  void open() throws Exception {
    fast = TestLake.copy(before, folder);
    slow = new Lake(TestSpark.session(), "faulty:" + folder);
    oracle.deliver(FIRST);
  }

  @AfterEach
  void close() {
    conflicts.close();
    oracle.close();
    assertThat(FaultyFileSystem.isArmed()).as("nobody stood still").isFalse();
  }

  /** By Spark and by Kernel; Hadoop's own way of writing leaves a checksum beside each. */
  @Test
  void commitsAreMadeByTheStoreThatHasOneWinner() throws Exception {
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.map(each -> each.getFileName().toString()))
          .contains("00000000000000000001.json")
          .noneMatch(name -> name.endsWith(".json.crc"));
    }
  }

  /** EX-7. */
  @Test
  void ofTwoLandingsOfTheSameEventsOneLandsThem() {
    List<Row> events = deliver(20);
    FaultyFileSystem.before("usage_events", 1, () -> land(fast, "fast", events));

    LandingReport report = land(slow, "slow", events);

    assertThat(report.landed()).isZero();
    assertThat(report.duplicates()).isEqualTo(20);
    assertThat(conflicts.work()).containsExactly("landing slow");
    rollup(fast);
    oracle.assertEqualTo(fast);
  }

  /** EX-13, EX-14: of the same version, and of an older one that comes too late. */
  @ParameterizedTest(name = "{0}, more landed: {1}")
  @CsvSource({"usage_hourly, false", "usage_hourly, true", "usage_daily, true"})
  void ofTwoRollupsOfTheSameWindowsTheNewerCounts(String table, boolean more) {
    land(fast, "list", deliver(20));
    List<Row> later = more ? deliver(20) : List.of();
    FaultyFileSystem.before(
        table,
        1,
        () -> {
          land(fast, "list", later);
          rollup(fast);
        });

    rollup(slow);

    assertThat(conflicts.work()).isNotEmpty().allMatch(work -> work.startsWith(table));
    oracle.assertEqualTo(fast);
    List<Long> versions = TestLake.versions(fast);
    rollup(fast);
    assertThat(TestLake.versions(fast)).as("nothing is left to do").isEqualTo(versions);
  }

  /** EX-13 where the rollup holds nothing of the month, and an append takes the MERGE's place. */
  @ParameterizedTest
  @ValueSource(strings = {"usage_hourly", "usage_daily"})
  void ofTwoFirstLoadsOfAMonthTheNewerCounts(String table) {
    Instant may = Instant.parse("2026-05-02T10:00:00Z");
    List<Row> first = EventGenerator.alike(may, 4);
    List<Row> later = EventGenerator.alike(may, 2);
    oracle.deliver(first);
    oracle.deliver(later);
    land(fast, "list", first);
    FaultyFileSystem.before(
        table,
        1,
        () -> {
          land(fast, "list", later);
          rollup(fast);
        });

    rollup(slow);

    assertThat(conflicts.work()).isNotEmpty().allMatch(work -> work.startsWith(table));
    oracle.assertEqualTo(fast);
  }

  @Test
  void aRepairBesideARollupTakesNothingBack() {
    TestLake.rows(
        fast,
        "UPDATE ${hourly} SET input_tokens = input_tokens + 1 WHERE hour_start = TIMESTAMP'%s'"
            .formatted(APRIL));
    List<Row> later = EventGenerator.alike(APRIL, 3);
    oracle.deliver(later);
    FaultyFileSystem.before(
        "usage_hourly",
        1,
        () -> {
          land(fast, "list", later);
          rollup(fast);
        });

    new Rollup(slow, "repair", (table, month, done, of) -> {})
        .run(new Rollup.Again(hours(APRIL), new TreeSet<>(Set.of(LocalDate.of(2026, 4, 1)))));

    assertThat(conflicts.work()).isNotEmpty();
    oracle.assertEqualTo(fast);
  }

  /** While programs are changed, a run of the old one overtakes a run of the new one. */
  @Test
  void whatAnOlderDefinitionOvertookIsRedefinedByTheNextRun() {
    RollupDefinition newer =
        new RollupDefinition(
            RollupDefinition.CURRENT.number() + 1, RollupDefinition.CURRENT.parts());
    List<Row> later = EventGenerator.alike(APRIL, 3);
    oracle.deliver(later);
    FaultyFileSystem.before(
        "usage_hourly",
        1,
        () -> {
          land(fast, "list", later);
          rollup(fast);
        });

    rollup(slow, newer);
    rollup(fast, newer);

    assertThat(new HourlyRollup(fast).stale(newer)).isEmpty();
    assertThat(new DailyRollup(fast).stale(newer)).isEmpty();
    oracle.assertEqualTo(fast);
  }

  /** Units are months, so that whoever works at one loses nothing to another. */
  @Test
  void disjointMonthsDoNotConflict() {
    land(fast, "list", deliver(30));
    long landed = fast.usageEvents().version();
    FaultyFileSystem.before("usage_hourly", 1, () -> recompute(fast, APRIL_MONTH, APRIL, landed));

    RollupUnit.Changes changes = recompute(slow, MARCH_MONTH, START, landed);

    assertThat(changes.inserted() + changes.updated()).isPositive();
    assertThat(conflicts.work()).isEmpty();
    rollup(fast);
    oracle.assertEqualTo(fast);
  }

  /** All three hours from one on. */
  private static RollupUnit.Changes recompute(
      Lake lake, LocalDate month, Instant from, long landed) {
    // A MERGE takes its transaction from the session.
    SparkSession own = ((org.apache.spark.sql.classic.SparkSession) lake.spark()).cloneSession();
    return new HourlyRollup(lake.with(own))
        .recompute(
            month,
            hours(from, from.plusSeconds(3_600), from.plusSeconds(7_200)),
            landed,
            false,
            new Stamp("test", Instant.now(), RollupDefinition.CURRENT));
  }

  private List<Row> deliver(int count) {
    List<Row> events = random.events(count);
    oracle.deliver(events);
    return events;
  }

  private static LandingReport land(Lake lake, String source, List<Row> events) {
    return new Landing(lake, Duration.ofDays(3650), "test " + source)
        .land(new ListSource(source).deliver(events));
  }

  private static RollupReport rollup(Lake lake) {
    return rollup(lake, RollupDefinition.CURRENT);
  }

  private static RollupReport rollup(Lake lake, RollupDefinition definition) {
    return new Rollup(lake, "test", (table, month, done, of) -> {}, definition).run();
  }

  private static SortedSet<Instant> hours(Instant... hours) {
    return new TreeSet<>(List.of(hours));
  }
}
