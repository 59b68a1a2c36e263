package dev.tidemark.pipeline.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeTable;
import dev.tidemark.pipeline.landing.Landing;
import dev.tidemark.pipeline.testing.EventGenerator;
import dev.tidemark.pipeline.testing.ListSource;
import dev.tidemark.pipeline.testing.Oracle;
import dev.tidemark.pipeline.testing.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.Option;

class RollupIT {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final LocalDate MONTH = LocalDate.of(2026, 3, 1);
  private static final String FIRST_HOUR =
      "hour_start = TIMESTAMP'2026-03-01 00:00:00Z' AND user_id IS NULL";

  @TempDir Path folder;
  private Lake lake;
  private ListSource source;

  @BeforeEach
  void open() {
    lake = TestLake.create(folder);
    source = new ListSource("list");
  }

  @Test
  void onlyTheHoursAndDaysThatArrivalsTouchAreRecomputed() {
    EventGenerator events = new EventGenerator(1, START, 48);
    land(events.events(200));
    rollup(lake);
    EventGenerator late = new EventGenerator(2, START.plusSeconds(5 * 3600), 1);
    land(late.events(3));

    RollupReport report = rollup(lake);

    assertThat(report.windows())
        .extracting(AffectedWindow::hourStart, AffectedWindow::arrivals)
        .containsExactly(tuple(Instant.parse("2026-03-01T05:00:00Z"), 3L));
    assertThat(report.dates()).isEqualTo(1);
  }

  /** A Spark job for nothing would be most of what such a run costs. */
  @Test
  void aRunWithNothingNewWritesNothingAndStartsNoJob() {
    land(new EventGenerator(3, START, 2).events(20));
    rollup(lake);
    List<Long> before = TestLake.versions(lake);
    int jobs = lake.spark().sparkContext().dagScheduler().numTotalJobs();

    land(List.of());
    RollupReport report = rollup(lake);

    assertThat(lake.spark().sparkContext().dagScheduler().numTotalJobs()).isEqualTo(jobs);
    assertThat(TestLake.versions(lake)).isEqualTo(before);
    assertThat(report.windows()).isEmpty();
  }

  @Test
  void rowsWhoseNumbersStayKeepTheirRevision() {
    List<Row> events = EventGenerator.alike(START, 2);
    land(events);
    land(EventGenerator.alike(START.plusSeconds(3600), 1));
    rollup(lake);
    land(EventGenerator.alike(START, 1));

    RollupReport report = rollup(lake);

    assertThat(report.hourly()).isEqualTo(new RollupReport.RowCounts(0, 1, 0));
    assertThat(TestLake.rows(lake, "SELECT revision, request_count FROM ${hourly} ORDER BY 1"))
        .extracting(Row::toString)
        .containsExactly("[1,1]", "[2,3]");
    assertThat(TestLake.rows(lake, "SELECT revision, request_count FROM ${daily}"))
        .extracting(Row::toString)
        .containsExactly("[2,4]");
  }

  /** Beyond what one filter names, whole dates are recomputed: the hours beside must stay. */
  @Test
  void manyScatteredHoursOfAMonthAreRecomputed() {
    landEveryTenHours(60);
    rollup(lake);
    landEveryTenHours(60);

    RollupReport report = rollup(lake);

    assertThat(report.windows()).hasSize(60);
    assertThat(report.hourly()).isEqualTo(new RollupReport.RowCounts(0, 60, 0));
    assertThat(
            TestLake.rows(
                lake,
                "SELECT count(*), min(request_count), max(request_count), sum(revision)"
                    + " FROM ${hourly}"))
        .extracting(Row::toString)
        .containsExactly("[60,2,2,120]");
  }

  private void landEveryTenHours(int hours) {
    List<Row> events = new ArrayList<>();
    for (int hour = 0; hour < hours; hour++) {
      events.addAll(EventGenerator.alike(START.plus(Duration.ofHours(10L * hour)), 1));
    }
    land(events);
  }

  @Test
  void aGroupWhoseEventsAreGoneIsDeletedFromHoursAndDays() {
    land(EventGenerator.alike(START, 2));
    land(EventGenerator.alike(START.plusSeconds(86_400), 1));
    rollup(lake);
    lake.spark()
        .sql(
            "DELETE FROM " + lake.usageEvents().sqlName() + " WHERE event_date = DATE'2026-03-01'");

    RollupReport report = rollup(lake);

    assertThat(report.hourly()).isEqualTo(new RollupReport.RowCounts(0, 0, 1));
    assertThat(report.daily()).isEqualTo(new RollupReport.RowCounts(0, 0, 1));
    assertThat(TestLake.value(lake, "SELECT sum(request_count) FROM ${hourly}")).isEqualTo(1L);
    assertThat(TestLake.value(lake, "SELECT sum(request_count) FROM ${daily}")).isEqualTo(1L);
  }

  @Test
  void nullDimensionsAreKeysOfTheirOwn() {
    land(EventGenerator.alike(START, 1));
    rollup(lake);
    land(EventGenerator.alike(START, 1));

    rollup(lake);

    assertThat(TestLake.rows(lake, "SELECT request_count FROM ${hourly} WHERE " + FIRST_HOUR))
        .extracting(Row::toString)
        .containsExactly("[2]");
  }

  @Test
  void windowsAreUtcWhateverTheSessionsTimeZone() {
    SparkSession elsewhere =
        ((org.apache.spark.sql.classic.SparkSession) lake.spark()).cloneSession();
    elsewhere.conf().set("spark.sql.session.timeZone", "America/New_York");
    Lake there = lake.with(elsewhere);
    List<Row> events = new EventGenerator(4, START, 26).events(60);
    new Landing(there, Duration.ofDays(3650), "test").land(source.deliver(events));

    rollup(there);

    try (Oracle oracle = new Oracle()) {
      oracle.deliver(events);
      oracle.assertEqualTo(lake);
    }
  }

  @Test
  void aRunThatHasFallenBehindChangesNothing() {
    land(EventGenerator.alike(START, 1));
    long old = lake.usageEvents().version();
    land(EventGenerator.alike(START, 1));
    rollup(lake);

    RollupUnit.Changes changes =
        new HourlyRollup(lake).recompute(MONTH, hours(START), old, false, stamp());

    assertThat(changes).isEqualTo(RollupUnit.Changes.OVERTAKEN);
    assertThat(TestLake.value(lake, "SELECT sum(request_count) FROM ${hourly}")).isEqualTo(2L);
  }

  /** The difference is taken inside the MERGE (EX-13): what came between is seen. */
  @Test
  void anOlderRunThatCommitsInTheMiddleOfANewerOneIsCorrected() {
    land(EventGenerator.alike(START, 1));
    rollup(lake);
    List<Row> passing = EventGenerator.alike(START, 1);
    land(passing);
    long older = lake.usageEvents().version();
    String id = passing.get(0).getString(0);
    lake.spark()
        .sql("DELETE FROM " + lake.usageEvents().sqlName() + " WHERE event_id = '" + id + "'");
    long newer = lake.usageEvents().version();
    HourlyRollup hourly = new HourlyRollup(lake);
    RollupUnit unit = hourly.unit(MONTH, hours(START));

    unit.run(
        newer,
        false,
        stamp(),
        () -> {
          RollupUnit.Made made = hourly.made(hours(START), newer);
          made.groups().persist().count();
          hourly.recompute(MONTH, hours(START), older, false, stamp());
          return made;
        });

    assertThat(TestLake.value(lake, "SELECT sum(request_count) FROM ${hourly}")).isEqualTo(1L);
  }

  /** A version without a change feed makes the whole feed unreadable (EX-20). */
  @Test
  void withoutAChangeFeedEveryWindowIsCompared() {
    land(EventGenerator.alike(START, 2));
    land(EventGenerator.alike(START.plusSeconds(3600), 3));
    rollup(lake);
    lake.spark().sql("DELETE FROM " + lake.usageHourly().sqlName() + " WHERE " + FIRST_HOUR);
    lake.spark()
        .sql(
            "ALTER TABLE "
                + lake.usageEvents().sqlName()
                + " SET TBLPROPERTIES ('delta.enableChangeDataFeed' = 'false')");
    land(EventGenerator.alike(START.plusSeconds(7200), 1));

    RollupReport report = rollup(lake);

    assertThat(report.windows())
        .extracting(AffectedWindow::hourStart)
        .containsExactly(START, START.plusSeconds(3600), START.plusSeconds(7200));
    assertThat(TestLake.value(lake, "SELECT sum(request_count) FROM ${hourly}")).isEqualTo(6L);
    assertThat(TestLake.value(lake, "SELECT sum(request_count) FROM ${daily}")).isEqualTo(6L);
  }

  /** Commits that the daily rollup has not seen are cleaned away (EX-20). */
  @Test
  void withoutTheLogOfTheHoursEveryDateIsCompared() throws IOException {
    land(EventGenerator.alike(START, 2));
    rollup(lake);
    land(EventGenerator.alike(START.plusSeconds(86_400), 3));
    long landed = lake.usageEvents().version();
    HourlyRollup hourly = new HourlyRollup(lake);
    hourly.recompute(MONTH, hours(START.plusSeconds(86_400)), landed, false, stamp());
    hourly.moveFloor(landed);
    lake.spark().sql("DELETE FROM " + lake.usageDaily().sqlName());
    cleanLog(lake.usageHourly());

    RollupReport report = rollup(lake);

    assertThat(report.windows()).isEmpty();
    assertThat(report.dates()).isEqualTo(2);
    assertThat(
            TestLake.rows(
                lake, "SELECT usage_date, request_count FROM ${daily} ORDER BY usage_date"))
        .extracting(Row::toString)
        .containsExactly("[2026-03-01,2]", "[2026-03-02,3]");
  }

  /**
   * EX-17, and EX-12: what arrived after the version of the run is not in its groups.
   *
   * @param held whether the rollup holds the hour already, so that there is something to merge with
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void groupsThatDoNotAddUpToTheRowsThatWereReadAreNotMerged(boolean held) {
    land(EventGenerator.alike(START, 2));
    if (held) {
      rollup(lake);
    }
    land(EventGenerator.alike(START, 3));
    long version = lake.usageEvents().version();
    land(EventGenerator.alike(START, 1));
    HourlyRollup hourly = new HourlyRollup(lake);
    RollupUnit.Made made = hourly.made(hours(START), version);
    assertThat(made.groups().first().<Long>getAs("request_count")).isEqualTo(5);
    RollupUnit.Made doubled =
        new RollupUnit.Made(made.groups().union(made.groups()), made.input(), made.inputId());
    List<Long> before = TestLake.versions(lake);

    assertThatThrownBy(
            () -> hourly.unit(MONTH, hours(START)).run(version, false, stamp(), () -> doubled))
        .hasMessageContaining("5 requests were read but the groups hold 10");

    assertThat(TestLake.versions(lake)).isEqualTo(before);
  }

  /** Removes all commits but the newest, as Delta does when they are old, behind a checkpoint. */
  private void cleanLog(LakeTable table) throws IOException {
    DeltaLog log =
        DeltaLog.forTable((org.apache.spark.sql.classic.SparkSession) lake.spark(), table.path());
    log.checkpoint(log.update(false, Option.empty(), Option.empty()), Option.empty());
    for (long version = 0; version < table.version(); version++) {
      Files.delete(folder.resolve("%s/_delta_log/%020d.json".formatted(table.name(), version)));
    }
    DeltaLog.clearCache();
  }

  private void land(List<Row> events) {
    new Landing(lake, Duration.ofDays(3650), "test").land(source.deliver(events));
  }

  private static RollupReport rollup(Lake lake) {
    return new Rollup(lake, "test", (table, partition, done, of) -> {}).run();
  }

  private static Stamp stamp() {
    return new Stamp("test", Instant.now(), RollupDefinition.CURRENT);
  }

  private static SortedSet<Instant> hours(Instant hour) {
    return new TreeSet<>(List.of(hour));
  }
}
