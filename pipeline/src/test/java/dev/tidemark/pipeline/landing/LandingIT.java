package dev.tidemark.pipeline.landing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.observation.Figure;
import dev.tidemark.pipeline.observation.RunObserver;
import dev.tidemark.pipeline.observation.RunStart;
import dev.tidemark.pipeline.observation.Watch;
import dev.tidemark.pipeline.source.EventSource;
import dev.tidemark.pipeline.source.LandingInput;
import dev.tidemark.pipeline.source.PendingEvents;
import dev.tidemark.pipeline.source.RawEvents;
import dev.tidemark.pipeline.source.SourceProgress;
import dev.tidemark.pipeline.testing.EventGenerator;
import dev.tidemark.pipeline.testing.ListSource;
import dev.tidemark.pipeline.testing.TestLake;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LandingIT {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final String UUID = "3f2a9c1e-5b7d-4e60-8a11-00c0ffee0001";

  @TempDir Path folder;
  private Lake lake;

  @BeforeEach
  void open() {
    lake = TestLake.create(folder);
  }

  /**
   * EX-8: identity is id and time, and the first landed wins; within a batch the first arrived.
   * Letters of a UUID may have either case, those of other ids may not.
   */
  @Test
  void theFirstDeliveryOfAnEventWins() {
    Row first = event("event_id", UUID, "model", "first", RawEvents.ARRIVAL_ORDER, 2L);
    Row second = with(first, "model", "second", RawEvents.ARRIVAL_ORDER, 3L);
    Row third = with(first, "model", "third", RawEvents.ARRIVAL_ORDER, 1L);
    Row upperCase = with(second, "event_id", UUID.toUpperCase(Locale.ROOT));
    Row otherTime = with(first, "occurred_at", Timestamp.from(START.plusNanos(1_000)));
    ListSource source = new ListSource("list");

    LandingReport batch = land(source.deliver(List.of(second, first, upperCase, otherTime)));
    LandingReport again =
        land(
            source.deliver(
                List.of(third, otherTime, event("event_id", "Id"), event("event_id", "id"))));

    assertThat(batch).isEqualTo(new LandingReport(4, 2, 2, 0, batch.version()));
    assertThat(again).isEqualTo(new LandingReport(4, 2, 2, 0, again.version()));
    assertThat(
            TestLake.rows(
                lake,
                "SELECT event_id, unix_micros(occurred_at), model FROM ${events} ORDER BY 1, 2"))
        .extracting(Row::toString)
        .containsExactly(
            "[" + UUID + "," + micros(START) + ",first]",
            "[" + UUID + "," + (micros(START) + 1) + ",first]",
            "[Id," + micros(START) + ",small]",
            "[id," + micros(START) + ",small]");
  }

  @Test
  void everyRuleQuarantinesItsRowAndTheGoodOnesLand() {
    Map<String, Row> broken = onePerRule();
    List<Row> good =
        List.of(
            event("occurred_at", timestamp("2000-01-01T00:00:00Z")),
            event("occurred_at", Timestamp.from(Instant.now().plus(Duration.ofHours(23)))),
            event("input_tokens", 10_000_000_000L, "cached_input_tokens", 10_000_000_000L),
            event("output_tokens", 10_000_000_000L, "cost_nano_usd", 10_000_000_000_000L),
            event("latency_ms", 86_400_000L, "time_to_first_token_ms", 86_400_000L),
            event("model", "m".repeat(512), "status", "rate_limited"),
            event("input_tokens", 0L, "cached_input_tokens", null, "cost_nano_usd", null),
            event("latency_ms", null, "time_to_first_token_ms", null, "received_at", null));
    List<Row> all = new ArrayList<>(good);
    all.addAll(broken.values());
    ListSource source = new ListSource("list");

    LandingReport report = land(source.deliver(all), Duration.ofHours(24));

    assertThat(report)
        .isEqualTo(
            new LandingReport(
                all.size(), good.size(), 0, broken.size(), lake.usageEvents().version()));
    Map<String, String> ruleByModel = new LinkedHashMap<>();
    TestLake.rows(
            lake,
            "SELECT coalesce(raw_record:model, raw_record), rule FROM ${quarantined}"
                .replace("raw_record:model", "get_json_object(raw_record, '$.model')"))
        .forEach(row -> ruleByModel.put(row.getString(0), row.getString(1)));
    broken.forEach(
        (rule, row) -> {
          String model = row.getString(RawEvents.SCHEMA.fieldIndex("model"));
          assertThat(ruleByModel.get(model)).as(model).isEqualTo(rule.replaceAll(" .*", ""));
        });

    LandingReport again = land(source.deliver(all), Duration.ofHours(24));

    assertThat(again.quarantined()).as("refused before").isZero();
    assertThat(again.duplicates()).isEqualTo(good.size());
    assertThat(TestLake.value(lake, "SELECT count(*) FROM ${quarantined}"))
        .isEqualTo((long) broken.size());
  }

  @Test
  void aRunThatWasKilledBetweenClaimAndLandingCostsNothing() {
    List<Row> events = new EventGenerator(1, START, 2).events(5);
    LandingLedger ledger = new LandingLedger(lake);
    LandingLedger.Claim killed =
        ledger.claim(
            "list",
            0,
            ledger.progress("list"),
            List.of(new LandingInput.Snapshot("9:9:", "killed")),
            "killed run",
            Instant.now());

    assertThat(ledger.progress("list").landings()).isEmpty();
    LandingReport report = land(new ListSource("list").deliver(events));

    assertThat(report.landed()).isEqualTo(5);
    assertThat(ledger.progress("list").landings())
        .extracting(landing -> landing.version() + " " + landing.input().token())
        .containsExactly(killed.version() + 1 + " list-1");
  }

  @Test
  void aSourceWithNothingNewLeavesTheLakeAlone() {
    long landings = lake.landings().version();
    long events = lake.usageEvents().version();

    LandingReport report = land(new ListSource("list"));

    assertThat(report).isEqualTo(LandingReport.nothing(events));
    assertThat(lake.landings().version()).isEqualTo(landings);
    assertThat(lake.usageEvents().version()).isEqualTo(events);
  }

  /** EX-7: the anti-join is in the plan of the write, so that Delta notices the other lander. */
  @Test
  void twoLandersOfTheSameEventsLandEachOnce() throws Exception {
    assertThatTwoLandEachEventOnce("one", "another");
  }

  /** EX-6: one landing of a source is one commit; of two runs one gets the number. */
  @Test
  void twoRunsOfOneSourceLandEachEventOnce() throws Exception {
    assertThatTwoLandEachEventOnce("list", "list");
  }

  private void assertThatTwoLandEachEventOnce(String oneName, String otherName) throws Exception {
    List<Row> events = new EventGenerator(2, START, 1).events(20);
    CyclicBarrier barrier = new CyclicBarrier(2);

    Watch watch =
        Watch.by(RunObserver.NONE)
            .begin(new RunStart("test", "rollup", "list", Instant.now(), Optional.empty()));
    lake = lake.watchedBy(watch);
    CompletableFuture<LandingReport> one = landing(oneName, events, barrier);
    CompletableFuture<LandingReport> other = landing(otherName, events, barrier);

    long landed = one.get(60, TimeUnit.SECONDS).landed() + other.get(60, TimeUnit.SECONDS).landed();
    assertThat(TestLake.rows(lake, "SELECT event_id FROM ${events}"))
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrderElementsOf(events.stream().map(row -> row.getString(0)).toList());
    assertThat(landed).isEqualTo(20);
    // The one that was slower has lost an attempt, and says so.
    assertThat(watch.totals().conflicts()).isPositive();
    assertThat(watch.totals().retries()).isEqualTo(watch.totals().conflicts());
    assertThat(watch.totals().sum(Figure.ROWS_INSERTED)).isEqualTo(20);
  }

  private CompletableFuture<LandingReport> landing(
      String name, List<Row> events, CyclicBarrier barrier) {
    SparkSession session =
        ((org.apache.spark.sql.classic.SparkSession) lake.spark()).cloneSession();
    EventSource source = new MeetingSource(name, session, events, barrier);
    return CompletableFuture.supplyAsync(
        () -> new Landing(lake.with(session), Duration.ofDays(3650), name).land(source));
  }

  private LandingReport land(EventSource source) {
    return land(source, Duration.ofDays(3650));
  }

  private LandingReport land(EventSource source, Duration mostAhead) {
    return new Landing(lake, mostAhead, "test").land(source);
  }

  /** A row that breaks each rule and no other; what follows a space tells two such rows apart. */
  private static Map<String, Row> onePerRule() {
    Map<String, Object[]> changes = new LinkedHashMap<>();
    changes.put("event-id-missing", values("event_id", null));
    changes.put("event-id-missing (empty)", values("event_id", ""));
    changes.put("occurred-at-missing", values("occurred_at", null));
    changes.put(
        "occurred-at-out-of-bounds",
        values("occurred_at", timestamp("1999-12-31T23:59:59.999999Z")));
    changes.put(
        "occurred-at-out-of-bounds (late)",
        values("occurred_at", timestamp("2100-01-01T00:00:00Z")));
    changes.put(
        "occurred-at-in-future",
        values("occurred_at", Timestamp.from(Instant.now().plus(Duration.ofHours(25)))));
    changes.put(
        "received-at-out-of-bounds", values("received_at", timestamp("1999-12-31T23:59:59Z")));
    changes.put("status-unknown", values("status", "SUCCESS"));
    changes.put("status-unknown (none)", values("status", null));
    changes.put("input-tokens-missing", values("input_tokens", null));
    changes.put("output-tokens-missing", values("output_tokens", null));
    changes.put("input-tokens-negative", values("input_tokens", -1L, "cached_input_tokens", null));
    changes.put("cached-input-tokens-negative", values("cached_input_tokens", -1L));
    changes.put("output-tokens-negative", values("output_tokens", -1L));
    changes.put("cost-negative", values("cost_nano_usd", -1L));
    changes.put("latency-negative", values("latency_ms", -1L));
    changes.put("time-to-first-token-negative", values("time_to_first_token_ms", -1L));
    changes.put("input-tokens-out-of-bounds", values("input_tokens", 10_000_000_001L));
    changes.put("output-tokens-out-of-bounds", values("output_tokens", 10_000_000_001L));
    changes.put("cached-exceed-input-tokens", values("cached_input_tokens", 101L));
    changes.put("cost-out-of-bounds", values("cost_nano_usd", 10_000_000_000_001L));
    changes.put("latency-out-of-bounds", values("latency_ms", 86_400_001L));
    changes.put("time-to-first-token-out-of-bounds", values("time_to_first_token_ms", 86_400_001L));
    changes.put("text-too-long", values("user_id", "u".repeat(513)));
    changes.put("text-too-long (id)", values("event_id", "e".repeat(513)));
    changes.put("malformed-record", values(RawEvents.READ_FAILURE, "malformed-record"));
    Map<String, Row> rows = new LinkedHashMap<>();
    changes.forEach((rule, values) -> rows.put(rule, with(event("model", rule), values)));
    return rows;
  }

  private static Object[] values(Object... namesAndValues) {
    return namesAndValues;
  }

  private static Row event(Object... namesAndValues) {
    return with(EventGenerator.alike(START, 1).get(0), namesAndValues);
  }

  private static Row with(Row row, Object... namesAndValues) {
    Object[] values = new Object[row.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(i);
    }
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values[RawEvents.SCHEMA.fieldIndex((String) namesAndValues[i])] = namesAndValues[i + 1];
    }
    return RowFactory.create(values);
  }

  private static Timestamp timestamp(String instant) {
    return Timestamp.from(Instant.parse(instant));
  }

  private static long micros(Instant instant) {
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
  }

  /** Always has the same events, and waits for the other lander when it first claims them. */
  private static final class MeetingSource implements EventSource {
    private final String name;
    private final SparkSession session;
    private final List<Row> events;
    private final CyclicBarrier barrier;
    private final AtomicBoolean met = new AtomicBoolean();

    private MeetingSource(
        String name, SparkSession session, List<Row> events, CyclicBarrier barrier) {
      this.name = name;
      this.session = session;
      this.events = events;
      this.barrier = barrier;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Optional<PendingEvents> pending(SourceProgress progress) {
      return Optional.of(
          new PendingEvents() {
            @Override
            public long epoch() {
              return 0;
            }

            @Override
            public Dataset<Row> rows() {
              return session.createDataFrame(events, RawEvents.SCHEMA);
            }

            @Override
            public List<LandingInput> claim() {
              meet();
              return List.of(new LandingInput.Snapshot("1:1:", name));
            }

            @Override
            public void close() {}
          });
    }

    @Override
    public Optional<PendingEvents> landed(SourceProgress progress) {
      return Optional.empty();
    }

    @Override
    public void publish(SourceProgress progress) {}

    private void meet() {
      try {
        if (met.compareAndSet(false, true)) {
          barrier.await(30, TimeUnit.SECONDS);
        }
      } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
        throw new AssertionError(e);
      }
    }
  }
}
