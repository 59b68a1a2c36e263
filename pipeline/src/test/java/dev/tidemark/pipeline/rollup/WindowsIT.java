package dev.tidemark.pipeline.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.pipeline.failure.PipelineException;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.landing.Landing;
import dev.tidemark.pipeline.quality.QualityRules;
import dev.tidemark.pipeline.quality.TestRules;
import dev.tidemark.pipeline.runs.JobRun;
import dev.tidemark.pipeline.source.RawEvents;
import dev.tidemark.pipeline.status.StatusViews;
import dev.tidemark.pipeline.testing.EventGenerator;
import dev.tidemark.pipeline.testing.ListSource;
import dev.tidemark.pipeline.testing.TestLake;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of each window: lateness, freshness, revision, definition. */
class WindowsIT {
  private static final Instant MARCH = Instant.parse("2026-03-31T22:00:00Z");
  private static final Instant APRIL = Instant.parse("2026-04-01T01:00:00Z");
  private static final LocalDate MARCH_1 = LocalDate.of(2026, 3, 1);
  private static final RollupDefinition OTHER = new RollupDefinition(2, List.of("other"));

  @TempDir Path folder;
  @TempDir Path kept;
  private Lake lake;
  private final ListSource source = new ListSource("list");

  @BeforeEach
  void open() {
    lake = TestLake.create(folder);
  }

  @Test
  void latenessFreshnessAndRevisionOfWindowsAreTold() {
    land(EventGenerator.alike(MARCH, 3));
    land(List.of(late(MARCH, Duration.ofHours(2)), late(APRIL, Duration.ofDays(40))));
    rollup(RollupDefinition.CURRENT);
    land(EventGenerator.alike(APRIL, 1));
    rollup(RollupDefinition.CURRENT);
    run("one", Instant.parse("2026-04-01T02:00:30Z"));
    run("two", Instant.parse("2026-04-20T00:00:00Z"));

    // Of 6 events, none came within the 30 s since April's hour, 4 within 1 h (March closed 3 h
    // ago).
    assertThat(status("hour"))
        .containsExactly(
            "2026-03-31T22:00:00Z 1 4 2026-04-01T02:00:30Z 0.667 [3, 0, 0, 0, 1, 0, 0, 0, 0, 0]",
            "2026-04-01T01:00:00Z 2 2 2026-04-01T02:00:30Z 0.000 [1, 0, 0, 0, 0, 0, 0, 0, 0, 1]");
    assertThat(status("day"))
        .containsExactly(
            "2026-03-31T00:00:00Z 1 4 2026-04-01T02:00:30Z 0.667 [3, 0, 0, 0, 1, 0, 0, 0, 0, 0]",
            "2026-04-01T00:00:00Z 2 2 2026-04-01T02:00:30Z null [1, 0, 0, 0, 0, 0, 0, 0, 0, 1]");
    assertThat(
            lake.spark()
                .sql(
                    "SELECT up_to_seconds, events FROM window_lateness WHERE grain = 'hour'"
                        + " AND events > 0 AND window_start = TIMESTAMP'2026-04-01 01:00:00Z'")
                .collectAsList())
        .extracting(Row::toString)
        .containsExactlyInAnyOrder("[60,1]", "[null,1]");

    // Nothing new, but the first source was looked at again: every window is fresher.
    run("one", Instant.parse("2026-04-03T00:00:00Z"));
    assertThat(status("hour")).allMatch(row -> row.contains(" 2026-04-03T00:00:00Z 0.833 "));
  }

  @Test
  void anotherDefinitionRecomputesExactlyTheWindowsThatLackIt() {
    land(EventGenerator.alike(MARCH, 2));
    land(EventGenerator.alike(APRIL, 3));
    rollup(RollupDefinition.CURRENT);
    long landed = lake.usageEvents().version();
    sql("UPDATE ${hourly} SET request_count = request_count + 1 WHERE month(hour_start) = 3");

    // As if a run had been killed when it was done with March.
    SortedSet<Instant> march = new TreeSet<>(List.of(MARCH));
    new HourlyRollup(lake)
        .recompute(MARCH_1, march, landed, true, new Stamp("killed", Instant.now(), OTHER));
    assertThat(rollup(lake, OTHER).affectedWindows())
        .containsExactly(new AffectedWindow(APRIL, 0, Duration.ZERO, true));

    RollupReport report = rollup(OTHER);

    assertThat(report.windows()).extracting(AffectedWindow::hourStart).containsExactly(APRIL);
    assertThat(report.hourly()).isEqualTo(new RollupReport.RowCounts(0, 0, 0));
    assertThat(report.dates()).isEqualTo(2);
    assertThat(
            TestLake.rows(
                lake, "SELECT request_count, revision FROM ${hourly} ORDER BY hour_start"))
        .extracting(Row::toString)
        .containsExactly("[2,2]", "[3,1]");
    assertThat(
            TestLake.rows(
                lake,
                "SELECT grain, max_by(definition_version, transaction_version) FROM delta.`"
                    + folder
                    + "/window_revisions` GROUP BY grain, window_start"))
        .hasSize(4)
        .allMatch(row -> row.getString(1).equals(OTHER.version()));
    List<Long> versions = TestLake.versions(lake);
    assertThat(rollup(OTHER).windows()).isEmpty();
    assertThat(TestLake.versions(lake)).isEqualTo(versions);
  }

  @Test
  void whatAKilledRunDidNotAppendIsAppendedAndAnOlderRunAppendsNothing() throws IOException {
    land(EventGenerator.alike(MARCH, 2));
    Path revisions = folder.resolve("window_revisions");
    TestLake.copy(revisions, kept.resolve("before"));
    rollup(RollupDefinition.CURRENT);
    String unit = "hourly:" + lake.usageEvents().id() + ":2026-03";
    long done = lake.table("window_revisions").appendedVersion(unit).orElseThrow();
    FileUtil.fullyDelete(revisions.toFile());
    TestLake.copy(kept.resolve("before"), revisions);
    DeltaLog.clearCache();
    assertThat(revisions()).isEmpty();

    RollupUnit.Changes changes =
        new HourlyRollup(lake)
            .recompute(
                MARCH_1,
                new TreeSet<>(List.of(MARCH)),
                lake.usageEvents().version(),
                false,
                new Stamp("again", Instant.now(), RollupDefinition.CURRENT));

    assertThat(changes).isEqualTo(RollupUnit.Changes.NONE);
    assertThat(revisions()).containsExactly("[" + (done + 1) + ",2]");
    List<Object> older =
        List.of("hour", MARCH, "x", 0L, "x", "held", "x", MARCH, 9L, 9L, 9L, List.of(), "rule");
    lake.table("window_revisions").appendRows(List.of(older), unit, done + 1);
    assertThat(revisions()).hasSize(1);
    lake.table("window_revisions").appendRows(List.of(older), unit, done + 2);
    assertThat(revisions()).hasSize(2);
  }

  /**
   * A machine whose clock is ahead has held an hour; the table is replaced, and one with the right
   * time publishes the hour: that is newer, whatever the times say.
   */
  @Test
  void revisionsOfAnotherTableAreNewerThanThoseOfAClockThatRanAhead() {
    QualityRules few =
        TestRules.of("rules = [ { name = few, hour = \"requests < 2\", severity = stop } ]");
    land(EventGenerator.alike(MARCH, 3));
    Lake ahead = lake.clockedBy(Clock.offset(Clock.systemUTC(), Duration.ofHours(5)));
    new Rollup(ahead, "ahead", (table, partition, done, of) -> {}, few).run();
    assertThat(Rollup.heldHours(lake)).containsOnlyKeys(MARCH);
    sql(
        "CREATE OR REPLACE TABLE ${events} USING DELTA PARTITIONED BY (event_date) TBLPROPERTIES ("
            + "'delta.enableChangeDataFeed' = 'true', 'tidemark.identity-key' = '"
            + lake.usageEvents().property("tidemark.identity-key")
            + "') AS SELECT * FROM ${events} LIMIT 1");

    new Rollup(lake, "behind", (table, partition, done, of) -> {}, few).run();

    assertThat(TestLake.value(lake, "SELECT sum(request_count) FROM ${hourly}")).isEqualTo(1L);
    assertThat(Rollup.heldHours(lake)).isEmpty();
    run("list", Instant.now());
    assertThat(status("hour")).singleElement().asString().startsWith(MARCH + " 2 1 ");
  }

  @Test
  void aTableThatWasAlteredByHandIsToldAtTheEndOfTheRollup() {
    Row other = late(MARCH, Duration.ofHours(3));
    land(List.of(other, EventGenerator.alike(MARCH, 1).get(0)));
    land(List.of(changed(late(MARCH, Duration.ZERO), "model", "large")));
    rollup(RollupDefinition.CURRENT);
    sql("INSERT INTO ${hourly} SELECT * FROM ${hourly} WHERE model = 'small'");
    land(List.of(changed(late(MARCH, Duration.ZERO), "model", "large")));

    RollupReport report = rollup(RollupDefinition.CURRENT);

    assertThat(report.differences())
        .contains(new WindowDifference("usage_hourly", MARCH, "requests", 4, 6));
    assertThatThrownBy(report::requireNoDifferences)
        .isInstanceOfSatisfying(
            PipelineException.class,
            told -> {
              assertThat(told.exitCode()).isEqualTo(ExitCode.MISMATCH);
              assertThat(told).hasMessageContainingAll("TM-PIP-050", "usage_hourly", "--repair");
            });

    land(EventGenerator.alike(MARCH, 1));
    assertThatThrownBy(() -> rollup(RollupDefinition.CURRENT))
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining("TM-PIP-051");
  }

  private List<String> revisions() {
    return TestLake.rows(
            lake,
            "SELECT transaction_version, request_count FROM delta.`"
                + folder
                + "/window_revisions` WHERE grain = 'hour'")
        .stream()
        .map(Row::toString)
        .toList();
  }

  private List<String> status(String grain) {
    for (String table : List.of("window_revisions", "job_runs")) {
      lake.table(table).read().createOrReplaceTempView(table);
    }
    StatusViews.register(lake.spark());
    return lake
        .spark()
        .sql("SELECT * FROM window_status WHERE grain = '" + grain + "' ORDER BY window_start")
        .collectAsList()
        .stream()
        .map(
            row ->
                "%s %d %d %s %s %s"
                    .formatted(
                        row.<Timestamp>getAs("window_start").toInstant(),
                        row.<Long>getAs("revision"),
                        row.<Long>getAs("request_count"),
                        row.<Timestamp>getAs("data_as_of").toInstant(),
                        row.isNullAt(row.fieldIndex("completeness"))
                            ? null
                            : "%.3f".formatted(row.<Double>getAs("completeness")),
                        row.getList(row.fieldIndex("lateness"))))
        .toList();
  }

  private void run(String name, Instant asOf) {
    new JobRun(lake, name, "rollup", name)
        .done(new JobRun.Figures(asOf, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L));
  }

  private static Row late(Instant occurredAt, Duration lateness) {
    return changed(
        EventGenerator.alike(occurredAt, 1).get(0),
        "received_at",
        Timestamp.from(occurredAt.plus(lateness)));
  }

  private static Row changed(Row event, String column, Object value) {
    Object[] values = new Object[event.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = event.get(i);
    }
    values[RawEvents.SCHEMA.fieldIndex(column)] = value;
    return RowFactory.create(values);
  }

  private void sql(String statement) {
    TestLake.rows(lake, statement);
  }

  private void land(List<Row> events) {
    new Landing(lake, Duration.ofDays(3650), "test").land(source.deliver(events));
  }

  private RollupReport rollup(RollupDefinition definition) {
    return rollup(lake, definition).run();
  }

  private static Rollup rollup(Lake lake, RollupDefinition definition) {
    return new Rollup(lake, "test", (table, partition, done, of) -> {}, definition);
  }
}
