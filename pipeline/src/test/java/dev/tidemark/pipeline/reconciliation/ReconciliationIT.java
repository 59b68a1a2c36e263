package dev.tidemark.pipeline.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.landing.Landing;
import dev.tidemark.pipeline.rollup.Rollup;
import dev.tidemark.pipeline.rollup.RollupReport;
import dev.tidemark.pipeline.source.EventSource;
import dev.tidemark.pipeline.source.LandingInput;
import dev.tidemark.pipeline.source.PendingEvents;
import dev.tidemark.pipeline.source.RawEvents;
import dev.tidemark.pipeline.source.SourceProgress;
import dev.tidemark.pipeline.testing.EventGenerator;
import dev.tidemark.pipeline.testing.TestLake;
import dev.tidemark.pipeline.testing.TestSpark;
import dev.tidemark.pipeline.window.Micros;
import dev.tidemark.pipeline.window.TimeRange;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconciliationIT {
  private static final Duration MOST_AHEAD = Duration.ofDays(3650);
  private static final Instant DAY = Instant.parse("2026-03-01T00:00:00Z");
  private static final Instant QUIET_HOUR = DAY;
  private static final Instant TAMPERED_HOUR = DAY.plus(Duration.ofHours(5));
  private static final Instant LOST_HOUR = DAY.plus(Duration.ofHours(9));
  private static final Instant NEXT_DAY = DAY.plus(Duration.ofDays(1));
  private static final Instant UNLANDED_HOUR = NEXT_DAY.plus(Duration.ofHours(23));

  @TempDir Path folder;

  /** Everything is whole at first; then each table is tampered with in an hour of its own. */
  @Test
  void everyDisagreementIsNamedAndNothingElse() {
    Lake lake = TestLake.create(folder);
    HoldingSource source = new HoldingSource();
    source.rows.addAll(EventGenerator.alike(QUIET_HOUR, 4));
    source.rows.addAll(EventGenerator.alike(TAMPERED_HOUR, 3));
    source.rows.addAll(EventGenerator.alike(LOST_HOUR, 2));
    source.rows.add(source.rows.get(0));
    source.rows.add(EventGenerator.refused(QUIET_HOUR));
    new Landing(lake, MOST_AHEAD, "test").land(source);
    rollup(lake);

    ReconciliationReport whole = reconcile(lake, source, Optional.empty());
    assertThat(whole.checks())
        .isEqualTo(
            Map.of(
                Comparison.SOURCE_LANDED, new ReconciliationReport.Check(3, 9, 0),
                Comparison.LANDED_HOURLY, new ReconciliationReport.Check(3, 9, 0),
                Comparison.HOURLY_DAILY, new ReconciliationReport.Check(1, 9, 0)));
    assertThat(whole.examples()).isEmpty();
    assertThat(whole.phantoms()).contains(Finding.NONE);
    assertThat(whole.repeatedIds()).isEqualTo(Finding.NONE);
    assertThat(whole.agrees()).isTrue();

    sql(
        lake,
        "UPDATE ${hourly} SET input_tokens = input_tokens + 7"
            + " WHERE hour_start = TIMESTAMP'2026-03-01 05:00:00Z'");
    loseBehindTheRollupsBack(lake);
    source.rows.addAll(EventGenerator.alike(UNLANDED_HOUR, 1));

    ReconciliationReport report = reconcile(lake, source, Optional.empty());

    assertThat(report.examples())
        .containsExactlyInAnyOrder(
            new Mismatch(Comparison.LANDED_HOURLY, TAMPERED_HOUR, "input_tokens", 300L, 307L),
            new Mismatch(Comparison.HOURLY_DAILY, DAY, "input_tokens", 907L, 900L),
            missing(Comparison.SOURCE_LANDED, LOST_HOUR, "requests", 2),
            missing(Comparison.SOURCE_LANDED, LOST_HOUR, "errors", 0),
            missing(Comparison.SOURCE_LANDED, LOST_HOUR, "input_tokens", 200),
            missing(Comparison.SOURCE_LANDED, LOST_HOUR, "cached_input_tokens", 20),
            missing(Comparison.SOURCE_LANDED, LOST_HOUR, "output_tokens", 100),
            missing(Comparison.SOURCE_LANDED, LOST_HOUR, "cost_nano_usd", 2_000),
            missing(Comparison.SOURCE_LANDED, LOST_HOUR, "latencies", 2),
            surplus("requests", 2),
            surplus("errors", 0),
            surplus("input_tokens", 200),
            surplus("cached_input_tokens", 20),
            surplus("output_tokens", 100),
            surplus("cost_nano_usd", 2_000),
            surplus("latencies", 2),
            missing(Comparison.SOURCE_LANDED, UNLANDED_HOUR, "requests", 1),
            missing(Comparison.SOURCE_LANDED, UNLANDED_HOUR, "errors", 0),
            missing(Comparison.SOURCE_LANDED, UNLANDED_HOUR, "input_tokens", 100),
            missing(Comparison.SOURCE_LANDED, UNLANDED_HOUR, "cached_input_tokens", 10),
            missing(Comparison.SOURCE_LANDED, UNLANDED_HOUR, "output_tokens", 50),
            missing(Comparison.SOURCE_LANDED, UNLANDED_HOUR, "cost_nano_usd", 1_000),
            missing(Comparison.SOURCE_LANDED, UNLANDED_HOUR, "latencies", 1));
    assertThat(report.mismatches()).isEqualTo(5);

    TimeRange nextDay =
        new TimeRange(Micros.of(NEXT_DAY), Micros.of(NEXT_DAY.plus(Duration.ofHours(1))));
    ReconciliationReport ranged = reconcile(lake, source, Optional.of(nextDay));

    assertThat(ranged.checks())
        .isEqualTo(
            Map.of(
                Comparison.SOURCE_LANDED, new ReconciliationReport.Check(1, 1, 1),
                Comparison.LANDED_HOURLY, new ReconciliationReport.Check(0, 0, 0),
                Comparison.HOURLY_DAILY, new ReconciliationReport.Check(0, 0, 0)));
    assertThat(
            TestLake.rows(
                lake,
                "SELECT comparison, window_start, expected, actual, difference FROM delta.`"
                    + folder
                    + "/reconciliation_results` WHERE measure = 'input_tokens' AND NOT agrees"
                    + " AND compared_at = (SELECT min(compared_at) FROM delta.`"
                    + folder
                    + "/reconciliation_results` WHERE NOT agrees) ORDER BY 1, 2"))
        .extracting(Row::toString)
        .containsExactly(
            "[hourly-daily,2026-03-01 00:00:00.0,907,900,-7]",
            "[landed-hourly,2026-03-01 05:00:00.0,300,307,7]",
            "[landed-hourly,2026-03-01 09:00:00.0,null,200,200]",
            "[source-landed,2026-03-01 09:00:00.0,200,null,-200]",
            "[source-landed,2026-03-02 23:00:00.0,100,null,-100]");

    // A row that stands twice, an event that the source has lost, and one id with two times.
    sql(lake, "INSERT INTO ${hourly} SELECT * FROM ${hourly} WHERE hour(hour_start) = 5");
    Row phantom = source.rows.remove(4);
    source.rows.add(at(source.rows.get(5), UNLANDED_HOUR));
    RollupReport repaired =
        new Reconciliation(lake, Optional.empty(), Optional.empty())
            .repair(
                reconcile(lake, source, Optional.empty()),
                source,
                MOST_AHEAD,
                "repair",
                (table, month, done, of) -> {});
    ReconciliationReport after = reconcile(lake, source, Optional.empty());

    assertThat(repaired.differences()).isEmpty();
    assertThat(after.examples()).isEmpty();
    assertThat(after.checks())
        .containsEntry(Comparison.SOURCE_LANDED, new ReconciliationReport.Check(4, 10, 0))
        .containsEntry(Comparison.HOURLY_DAILY, new ReconciliationReport.Check(2, 11, 0));
    assertThat(after.phantoms().orElseThrow())
        .isEqualTo(new Finding(1, List.of(new Finding.Event(phantom.getString(0), TAMPERED_HOUR))));
    assertThat(after.repeatedIds().examples())
        .extracting(Finding.Event::occurredAt)
        .containsExactly(TAMPERED_HOUR, UNLANDED_HOUR);
    assertThat(after.agrees()).isFalse();
  }

  /** Its hours are right, so that nothing but the repair says which day to compute. */
  @Test
  void aDayThatWasAlteredByHandIsRepaired() {
    Lake lake = TestLake.create(folder);
    HoldingSource source = new HoldingSource();
    source.rows.addAll(EventGenerator.alike(QUIET_HOUR, 4));
    new Landing(lake, MOST_AHEAD, "test").land(source);
    rollup(lake);
    sql(lake, "UPDATE ${daily} SET output_tokens = output_tokens + 1");
    ReconciliationReport found = reconcile(lake, source, Optional.empty());
    assertThat(found.examples())
        .containsExactly(new Mismatch(Comparison.HOURLY_DAILY, DAY, "output_tokens", 200L, 201L));

    new Reconciliation(lake, Optional.empty(), Optional.empty())
        .repair(found, source, MOST_AHEAD, "repair", (table, month, done, of) -> {});

    assertThat(reconcile(lake, source, Optional.empty()).agrees()).isTrue();
  }

  private static Row at(Row event, Instant occurredAt) {
    Object[] values = new Object[event.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = event.get(i);
    }
    values[RawEvents.SCHEMA.fieldIndex("occurred_at")] = Timestamp.from(occurredAt);
    return RowFactory.create(values);
  }

  /** Deletes landed events, and has the rollup believe that it has seen that. */
  private static void loseBehindTheRollupsBack(Lake lake) {
    sql(
        lake,
        "DELETE FROM ${events} WHERE occurred_at >= TIMESTAMP'2026-03-01 09:00:00Z'"
            + " AND occurred_at < TIMESTAMP'2026-03-01 10:00:00Z'");
    lake.usageHourly().mark("hourly:" + lake.usageEvents().id(), lake.usageEvents().version());
    assertThat(Rollup.consumedVersion(lake)).isEqualTo(lake.usageEvents().version());
  }

  private static Mismatch missing(
      Comparison comparison, Instant window, String measure, long expected) {
    return new Mismatch(comparison, window, measure, expected, null);
  }

  private static Mismatch surplus(String measure, long actual) {
    return new Mismatch(Comparison.LANDED_HOURLY, LOST_HOUR, measure, null, actual);
  }

  private static void sql(Lake lake, String statement) {
    TestLake.rows(lake, statement);
  }

  private static void rollup(Lake lake) {
    new Rollup(lake, "test", (table, partition, done, of) -> {}).run();
  }

  private static ReconciliationReport reconcile(
      Lake lake, EventSource source, Optional<TimeRange> range) {
    return new Reconciliation(lake, range, Optional.empty()).run(source, MOST_AHEAD, "test");
  }

  /** A source that keeps its rows, all of which it takes for landed. */
  private static final class HoldingSource implements EventSource, PendingEvents {
    private final List<Row> rows = new ArrayList<>();

    @Override
    public String name() {
      return "holding";
    }

    @Override
    public Optional<PendingEvents> pending(SourceProgress progress) {
      return Optional.of(this);
    }

    @Override
    public Optional<PendingEvents> landed(SourceProgress progress) {
      return Optional.of(this);
    }

    @Override
    public void publish(SourceProgress progress) {}

    @Override
    public long epoch() {
      return 0;
    }

    @Override
    public Dataset<Row> rows() {
      return TestSpark.session().createDataFrame(rows, RawEvents.SCHEMA);
    }

    @Override
    public List<LandingInput> claim() {
      return List.of(new LandingInput.Snapshot("1:1:", "token"));
    }

    @Override
    public void close() {}
  }
}
