package dev.tidemark.pipeline.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeHistory;
import dev.tidemark.pipeline.landing.Landing;
import dev.tidemark.pipeline.landing.LandingReport;
import dev.tidemark.pipeline.reconciliation.Reconciliation;
import dev.tidemark.pipeline.reconciliation.ReconciliationReport;
import dev.tidemark.pipeline.rollup.Rollup;
import dev.tidemark.pipeline.rollup.RollupReport;
import dev.tidemark.pipeline.source.EventSource;
import dev.tidemark.pipeline.testing.EventGenerator;
import dev.tidemark.pipeline.testing.ListSource;
import dev.tidemark.pipeline.testing.Overtaken;
import dev.tidemark.pipeline.testing.TestLake;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Retention of landed events (EX-21). */
class EventRetentionIT {
  private static final Instant FIRST = Instant.parse("2026-03-01T10:00:00Z");
  private static final Instant THIRD = Instant.parse("2026-03-03T10:00:00Z");
  private static final LocalDate HORIZON = LocalDate.parse("2026-03-03");
  private static final String ROLLUPS =
      "SELECT 'hour', hour_start, organization_id, user_id, request_count, input_tokens, revision"
          + " FROM ${hourly} UNION ALL SELECT 'day', usage_date, organization_id, user_id,"
          + " request_count, input_tokens, revision FROM ${daily} ORDER BY ALL";

  @TempDir Path folder;
  private Lake lake;
  private final ListSource source = new ListSource("list");

  @Test
  void oldEventsGoWhenTheyAreCountedAndTheirDatesAreFrozen() {
    lake = TestLake.create(folder);
    land(source, EventGenerator.alike(FIRST, 3));
    land(source, EventGenerator.alike(THIRD, 2));
    rollup(Rollup.Again.NONE);
    land(source, EventGenerator.alike(FIRST.plusSeconds(60), 1));

    assertThat(retire("2026-03-03T12:00:00Z"))
        .as("what waits to be counted stays")
        .hasValue(new MaintenanceReport.Retired(LocalDate.parse("2026-03-01"), 0));
    assertThat(TestLake.value(lake, "SELECT count(*) FROM ${events}")).isEqualTo(6L);
    rollup(Rollup.Again.NONE);
    List<Row> counted = TestLake.rows(lake, ROLLUPS);
    assertThat(retire("2099-01-01T00:00:00Z"))
        .as("a clock that runs ahead takes no more than the newest event allows")
        .get()
        .extracting(MaintenanceReport.Retired::horizon)
        .isEqualTo(HORIZON);
    assertThat(retire("2026-03-03T12:00:00Z")).as("it does not move again").isEmpty();
    assertThat(TestLake.value(lake, "SELECT min(event_date) FROM ${events}"))
        .hasToString(HORIZON.toString());
    assertThat(TestLake.value(lake, "SELECT count(*) FROM ${events}")).isEqualTo(2L);

    // The feed now says that all of the first date was deleted, and somebody asks for it again.
    assertThat(rollup(Rollup.Again.NONE).windows()).isEmpty();
    rollup(new Rollup.Again(new TreeSet<>(List.of(FIRST)), new TreeSet<>()));
    assertThat(TestLake.rows(lake, ROLLUPS)).as("frozen").isEqualTo(counted);

    LandingReport late = land(source, EventGenerator.alike(FIRST.plusSeconds(120), 1));
    assertThat(late)
        .extracting(LandingReport::landed, LandingReport::quarantined)
        .containsExactly(0L, 1L);
    assertThat(TestLake.rows(lake, "SELECT rule FROM ${quarantined}"))
        .singleElement()
        .hasToString("[before-events-horizon]");
    land(source, EventGenerator.alike(THIRD.plusSeconds(60), 1));
    rollup(Rollup.Again.NONE);
    assertThat(
            TestLake.rows(
                lake, "SELECT usage_date, sum(request_count) FROM ${daily} GROUP BY 1 ORDER BY 1"))
        .extracting(Row::toString)
        .containsExactly("[2026-03-01,4]", "[2026-03-03,3]");

    ReconciliationReport compared =
        new Reconciliation(lake, Optional.empty(), Optional.empty())
            .run(source, Duration.ofDays(3650), "test");
    assertThat(compared.mismatches()).isZero();
  }

  /** The landing has judged its events when maintenance moves the horizon past them. */
  @Test
  void aLandingThatTheHorizonOvertakesJudgesAgain() {
    lake = TestLake.create(folder);
    land(source, EventGenerator.alike(FIRST, 1));
    land(source, EventGenerator.alike(THIRD, 1));
    rollup(Rollup.Again.NONE);

    source.deliver(EventGenerator.alike(FIRST.plusSeconds(60), 1));
    LandingReport report =
        new Landing(lake, Duration.ofDays(3650), "test")
            .land(new Overtaken(source, this::retireAll));

    assertThat(lake.usageEvents().horizon()).hasValue(HORIZON);
    assertThat(report)
        .extracting(LandingReport::landed, LandingReport::quarantined)
        .containsExactly(0L, 1L);
    assertThat(TestLake.value(lake, "SELECT count(*) FROM ${events}")).isEqualTo(1L);
  }

  private void retireAll() {
    if (lake.usageEvents().horizon().isEmpty()) {
      retire("2026-03-03T12:00:00Z");
    }
  }

  private Optional<MaintenanceReport.Retired> retire(String now) {
    return new EventRetention(lake, LakeHistory.read(lake), 1).run(false, Instant.parse(now));
  }

  private LandingReport land(EventSource from, List<Row> events) {
    source.deliver(events);
    return new Landing(lake, Duration.ofDays(3650), "test").land(from);
  }

  private RollupReport rollup(Rollup.Again again) {
    return new Rollup(lake, "test", (table, partition, done, of) -> {}).run(again);
  }
}
