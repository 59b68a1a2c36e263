package dev.tidemark.pipeline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemark.pipeline.histogram.Histograms;
import dev.tidemark.pipeline.histogram.LatencyBuckets;
import dev.tidemark.pipeline.histogram.LatencyHistogram;
import dev.tidemark.pipeline.window.Days;
import dev.tidemark.pipeline.window.Hours;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventAggregatorTest {
  private static final SeriesHasher HASHER = new SeriesHasher(new byte[16]);

  private record Event(
      List<String> dimensions,
      boolean isError,
      long inputTokens,
      long cachedInputTokens,
      long outputTokens,
      long costNanoUsd,
      Long latency,
      long occurredAt) {
    long hour() {
      return Hours.startOf(occurredAt);
    }

    long day() {
      return Days.startOf(Days.of(occurredAt));
    }
  }

  private record Key(long windowStart, List<String> dimensions) {}

  /** What a row of a rollup says; the histogram as a list, for its bytes to be compared. */
  private record Row(
      Key key,
      long requestCount,
      long errorCount,
      long inputTokens,
      long cachedInputTokens,
      long outputTokens,
      long costNanoUsd,
      Long latencySum,
      Long latencyMin,
      Long latencyMax,
      List<Byte> latencyHistogram,
      long firstEventAt,
      long lastEventAt) {}

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void eventsAddUpToTheGroupsOfANaiveOracle(long seed) {
    List<Event> events = events(new SplittableRandom(seed), 20_000);
    EventAggregator aggregator = new EventAggregator();

    events.forEach(event -> add(aggregator, event));

    assertThat(rows(aggregator)).containsExactlyInAnyOrderElementsOf(oracle(events, Event::hour));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void partialGroupsOfAnyPiecesMergeInAnyOrderToTheSameHoursAndDays(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Event> events = events(random, 6_000);
    Collections.shuffle(events, new Random(seed));
    List<Row> partials = new ArrayList<>();
    EventAggregator partial = new EventAggregator();
    int flushAt = random.nextInt(1, 400);
    for (Event event : events) {
      add(partial, event);
      if (partial.groupCount() >= flushAt) {
        partials.addAll(rows(partial));
        partial.clear();
        flushAt = random.nextInt(1, 400);
      }
    }
    partials.addAll(rows(partial));
    Collections.shuffle(partials, new Random(~seed));

    EventAggregator hours = new EventAggregator();
    partials.forEach(row -> merge(hours, row.key().windowStart(), row));
    EventAggregator days = new EventAggregator();
    rows(hours).forEach(row -> merge(days, Days.startOf(Days.of(row.key().windowStart())), row));

    assertThat(partials).hasSizeGreaterThan(hours.groupCount());
    assertThat(rows(hours)).containsExactlyInAnyOrderElementsOf(oracle(events, Event::hour));
    assertThat(rows(days)).containsExactlyInAnyOrderElementsOf(oracle(events, Event::day));
  }

  @Test
  void keysThatShareAHashOrAHalfAreGroupsOfTheirOwn() {
    EventAggregator aggregator = new EventAggregator();
    Map<List<Long>, Integer> slots = new HashMap<>();
    long[] parts = {0, 1, -1, 2, 1L << 32, Long.MIN_VALUE, Long.MAX_VALUE};
    for (long window : parts) {
      for (long high : parts) {
        for (long low : parts) {
          slots.put(List.of(window, high, low), aggregator.slot(window, high, low));
        }
      }
    }
    // Three thousand keys of one hash: the low half takes back what the window adds
    for (long window = 0; window < 3_000; window++) {
      long low = -window * 0x9e3779b97f4a7c15L;
      assertThat(EventAggregator.hash(window, 0, low)).isEqualTo(EventAggregator.hash(0, 0, 0));
      slots.put(List.of(window, 0L, low), aggregator.slot(window, 0, low));
    }

    assertThat(aggregator.groupCount()).isEqualTo(slots.size());
    assertThat(slots.values()).doesNotHaveDuplicates();
    slots.forEach(
        (key, slot) -> {
          assertThat(aggregator.slot(key.get(0), key.get(1), key.get(2))).isEqualTo(slot);
          assertThat(aggregator.windowStart(slot)).isEqualTo(key.get(0));
          assertThat(aggregator.seriesHigh(slot)).isEqualTo(key.get(1));
          assertThat(aggregator.seriesLow(slot)).isEqualTo(key.get(2));
        });
  }

  @ParameterizedTest(name = "part {0}")
  @ValueSource(ints = {0, 1, 2})
  void keysOfOneHashThatDifferInOnePartAloneAreGroupsOfTheirOwn(int part) {
    EventAggregator aggregator = new EventAggregator();
    int keys = 400_000;
    Set<Integer> hashes = new HashSet<>();
    long[] key = {7, 8, 9};
    for (int number = 0; number < keys; number++) {
      key[part] = number * Hours.MICROS;
      hashes.add(EventAggregator.hash(key[0], key[1], key[2]));
      int slot = aggregator.slot(key[0], key[1], key[2]);
      if (aggregator.lacksDimensions(slot)) {
        aggregator.setDimensions(slot, new Dimensions().set(0, "series " + number));
      }
    }

    assertThat(hashes).hasSizeLessThan(keys);
    assertThat(aggregator.groupCount()).isEqualTo(keys);
    for (int number = 0; number < keys; number++) {
      key[part] = number * Hours.MICROS;
      assertThat(aggregator.slot(key[0], key[1], key[2])).isEqualTo(number);
      assertThat(dimensions(aggregator, number).get(0))
          .isEqualTo("series " + (part == 0 ? 0 : number));
    }
  }

  @Test
  void nothingIsLostWhileTheTableGrowsAndSlotsKeepTheirOrder() {
    EventAggregator aggregator = new EventAggregator();
    int groups = 100_000;
    LongUnaryOperator low = group -> group * 0x9e3779b97f4a7c15L;
    for (int round = 0; round < 2; round++) {
      for (int group = 0; group < groups; group++) {
        int slot = aggregator.slot(group % 24, group, low.applyAsLong(group));
        assertThat(slot).isEqualTo(group);
        aggregator.addEvent(slot, false, group, 0, 1, 2, group);
        aggregator.addLatency(slot, group);
      }
    }

    assertThat(aggregator.groupCount()).isEqualTo(groups);
    for (int slot = 0; slot < groups; slot++) {
      assertThat(aggregator.requestCount(slot)).isEqualTo(2);
      assertThat(aggregator.inputTokens(slot)).isEqualTo(2L * slot);
      assertThat(aggregator.latencySum(slot)).isEqualTo(2L * slot);
      assertThat(aggregator.seriesLow(slot)).isEqualTo(low.applyAsLong(slot));
      assertThat(Histograms.count(aggregator.latencyHistogram(slot))).isEqualTo(2);
    }
  }

  @Test
  void aGroupMayHaveALatencyInEveryBucket() {
    List<Integer> buckets = new ArrayList<>();
    for (int bucket = 0; bucket < LatencyBuckets.count(); bucket++) {
      buckets.add(bucket);
    }
    Collections.shuffle(buckets, new Random(1));
    EventAggregator aggregator = new EventAggregator();
    LatencyHistogram expected = new LatencyHistogram();
    // Two groups in turn, so that the room one leaves behind is taken by the other
    int[] slots = {aggregator.slot(0, 1, 1), aggregator.slot(0, 2, 2)};
    for (int bucket : buckets) {
      expected.add(LatencyBuckets.highest(bucket));
      for (int slot : slots) {
        aggregator.addLatency(slot, LatencyBuckets.highest(bucket));
      }
    }

    for (int slot : slots) {
      assertThat(aggregator.latencyHistogram(slot)).isEqualTo(expected.encode());
      assertThat(aggregator.latencyMin(slot)).isZero();
      assertThat(aggregator.latencyMax(slot)).isEqualTo(LatencyBuckets.MAX_MILLIS);
    }
  }

  @Test
  void aNullDimensionAndAnEmptyOneAreTwoSeries() {
    List<String> withNull = Arrays.asList("o", null, null, null, "p", "m", null);
    List<String> withEmpty = Arrays.asList("o", "", null, null, "p", "m", null);
    EventAggregator aggregator = new EventAggregator();

    add(aggregator, event(withNull));
    add(aggregator, event(withEmpty));
    add(aggregator, event(withNull));

    assertThat(rows(aggregator))
        .extracting(row -> row.key().dimensions(), Row::requestCount)
        .containsExactly(tuple(withNull, 2L), tuple(withEmpty, 1L));
  }

  @Test
  void dimensionsAreCopiedAndKeptOnceASeries() {
    EventAggregator aggregator = new EventAggregator();
    byte[] buffer = {'a', 'b', 'c'};
    int slot = aggregator.slot(0, 1, 2);
    assertThat(aggregator.lacksDimensions(slot)).isTrue();
    assertThatIllegalStateException()
        .isThrownBy(() -> aggregator.dimensions(slot, new Dimensions()));
    aggregator.setDimensions(slot, new Dimensions().set(4, buffer, 1, 2));
    Arrays.fill(buffer, (byte) '-');

    int nextHour = aggregator.slot(1, 1, 2);
    assertThat(aggregator.lacksDimensions(nextHour)).isFalse();
    assertThat(dimensions(aggregator, nextHour))
        .isEqualTo(Arrays.asList(null, null, null, null, "bc", null, null));
    assertThatIllegalStateException()
        .isThrownBy(() -> aggregator.setDimensions(nextHour, new Dimensions()));
    assertThat(aggregator.lacksDimensions(aggregator.slot(0, 1, 3))).isTrue();
  }

  @Test
  void aClearedTableIsAsNew() {
    List<Event> events = events(new SplittableRandom(7), 3_000);
    EventAggregator aggregator = new EventAggregator();
    events.forEach(event -> add(aggregator, event));
    long full = aggregator.estimatedBytes();
    aggregator.clear();

    assertThat(aggregator.groupCount()).isZero();
    assertThat(aggregator.estimatedBytes()).isLessThan(full);
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> aggregator.requestCount(0));
    List<Event> others = events(new SplittableRandom(8), 3_000);
    others.forEach(event -> add(aggregator, event));
    assertThat(rows(aggregator)).containsExactlyInAnyOrderElementsOf(oracle(others, Event::hour));
  }

  @Test
  void memoryIsEstimatedAsItGrows() {
    EventAggregator aggregator = new EventAggregator();
    long empty = aggregator.estimatedBytes();
    for (int group = 0; group < 50_000; group++) {
      aggregator.addLatency(aggregator.slot(0, group, group), group % 1_000);
    }

    // A record of 128 bytes, 16 of index at the least, 40 of the series
    assertThat(aggregator.estimatedBytes() - empty).isBetween(50_000L * 184, 50_000L * 300);
    long withoutRuns = aggregator.estimatedBytes();
    for (int latency = 0; latency < 100; latency++) {
      aggregator.addLatency(0, 20 * latency);
    }
    assertThat(aggregator.estimatedBytes()).isGreaterThan(withoutRuns);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void aSumThatOverflowsIsRefused(int measure) {
    EventAggregator aggregator = new EventAggregator();
    int slot = aggregator.slot(0, 1, 1);
    long[] most = new long[6];
    most[measure] = Long.MAX_VALUE;
    long[] one = new long[6];
    one[measure] = 1;
    addEvents(aggregator, slot, most);

    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() -> addEvents(aggregator, slot, one));
  }

  @Test
  void latencySumsAndCountsThatOverflowAreRefused() {
    EventAggregator aggregator = new EventAggregator();
    LatencyHistogram one = new LatencyHistogram();
    one.add(5);
    byte[] many = one.encode();
    for (int doubling = 0; doubling < 51; doubling++) {
      many = Histograms.merge(many, many);
    }
    byte[] half = many;
    int sums = aggregator.slot(0, 1, 1);
    aggregator.addLatencies(sums, Long.MAX_VALUE, 5, 5, one.encode());
    int counts = aggregator.slot(0, 2, 2);
    aggregator.addLatencies(counts, 5, 5, 5, half);

    assertThat(Histograms.count(aggregator.latencyHistogram(counts))).isEqualTo(1L << 51);
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() -> aggregator.addLatency(sums, 5));
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() -> aggregator.addLatencies(counts, 5, 5, 5, half));
  }

  @Test
  void aLatencyWithoutABucketIsRefused() {
    EventAggregator aggregator = new EventAggregator();
    int slot = aggregator.slot(0, 1, 1);

    assertThatIllegalArgumentException().isThrownBy(() -> aggregator.addLatency(slot, -1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> aggregator.addLatency(slot, LatencyBuckets.MAX_MILLIS + 1L));
    assertThat(aggregator.hasLatency(slot)).isFalse();
    assertThat(aggregator.latencyHistogram(slot)).isNull();
  }

  @Test
  void extremesThatAreNotTheHistogramsAreRefused() {
    EventAggregator aggregator = new EventAggregator();
    int slot = aggregator.slot(0, 1, 1);
    LatencyHistogram histogram = new LatencyHistogram();
    histogram.add(5);
    histogram.add(900);
    byte[] bytes = histogram.encode();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> aggregator.addLatencies(slot, 905, 4, 900, bytes))
        .withMessageContaining("4 to 900");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> aggregator.addLatencies(slot, 905, 5, 2_000, bytes));
  }

  private static void add(EventAggregator aggregator, Event event) {
    Dimensions dimensions = dimensions(event.dimensions());
    SeriesId series = HASHER.hash(dimensions).seriesId();
    int slot = aggregator.slot(event.hour(), series.high(), series.low());
    if (aggregator.lacksDimensions(slot)) {
      aggregator.setDimensions(slot, dimensions);
    }
    aggregator.addEvent(
        slot,
        event.isError(),
        event.inputTokens(),
        event.cachedInputTokens(),
        event.outputTokens(),
        event.costNanoUsd(),
        event.occurredAt());
    if (event.latency() != null) {
      aggregator.addLatency(slot, event.latency());
    }
  }

  private static void merge(EventAggregator aggregator, long windowStart, Row row) {
    Dimensions dimensions = dimensions(row.key().dimensions());
    SeriesId series = HASHER.hash(dimensions).seriesId();
    int slot = aggregator.slot(windowStart, series.high(), series.low());
    if (aggregator.lacksDimensions(slot)) {
      aggregator.setDimensions(slot, dimensions);
    }
    aggregator.addEvents(
        slot,
        row.requestCount(),
        row.errorCount(),
        row.inputTokens(),
        row.cachedInputTokens(),
        row.outputTokens(),
        row.costNanoUsd(),
        row.firstEventAt(),
        row.lastEventAt());
    if (row.latencyHistogram() != null) {
      byte[] histogram = new byte[row.latencyHistogram().size()];
      for (int i = 0; i < histogram.length; i++) {
        histogram[i] = row.latencyHistogram().get(i);
      }
      aggregator.addLatencies(
          slot, row.latencySum(), row.latencyMin(), row.latencyMax(), histogram);
    }
  }

  private static void addEvents(EventAggregator aggregator, int slot, long[] measures) {
    aggregator.addEvents(
        slot, measures[0], measures[1], measures[2], measures[3], measures[4], measures[5], 0, 0);
  }

  private static List<Row> rows(EventAggregator aggregator) {
    List<Row> rows = new ArrayList<>();
    for (int slot = 0; slot < aggregator.groupCount(); slot++) {
      boolean hasLatency = aggregator.hasLatency(slot);
      rows.add(
          new Row(
              new Key(aggregator.windowStart(slot), dimensions(aggregator, slot)),
              aggregator.requestCount(slot),
              aggregator.errorCount(slot),
              aggregator.inputTokens(slot),
              aggregator.cachedInputTokens(slot),
              aggregator.outputTokens(slot),
              aggregator.costNanoUsd(slot),
              hasLatency ? aggregator.latencySum(slot) : null,
              hasLatency ? (long) aggregator.latencyMin(slot) : null,
              hasLatency ? (long) aggregator.latencyMax(slot) : null,
              list(aggregator.latencyHistogram(slot)),
              aggregator.firstEventAt(slot),
              aggregator.lastEventAt(slot)));
    }
    return rows;
  }

  private static List<Row> oracle(List<Event> events, ToLongFunction<Event> window) {
    Map<Key, List<Event>> groups = new HashMap<>();
    for (Event event : events) {
      groups
          .computeIfAbsent(
              new Key(window.applyAsLong(event), event.dimensions()), key -> new ArrayList<>())
          .add(event);
    }
    List<Row> rows = new ArrayList<>();
    groups.forEach((key, group) -> rows.add(row(key, group)));
    return rows;
  }

  private static Row row(Key key, List<Event> group) {
    long[] latencies =
        group.stream().filter(e -> e.latency() != null).mapToLong(Event::latency).toArray();
    LongSummaryStatistics latency = Arrays.stream(latencies).summaryStatistics();
    LatencyHistogram histogram = new LatencyHistogram();
    Arrays.stream(latencies).forEach(histogram::add);
    boolean hasLatency = latencies.length > 0;
    return new Row(
        key,
        group.size(),
        group.stream().filter(Event::isError).count(),
        group.stream().mapToLong(Event::inputTokens).sum(),
        group.stream().mapToLong(Event::cachedInputTokens).sum(),
        group.stream().mapToLong(Event::outputTokens).sum(),
        group.stream().mapToLong(Event::costNanoUsd).sum(),
        hasLatency ? latency.getSum() : null,
        hasLatency ? latency.getMin() : null,
        hasLatency ? latency.getMax() : null,
        list(histogram.encode()),
        group.stream().mapToLong(Event::occurredAt).min().orElseThrow(),
        group.stream().mapToLong(Event::occurredAt).max().orElseThrow());
  }

  /** Few series, some far busier than others, around the epoch for the sake of negative times. */
  private static List<Event> events(RandomGenerator random, int count) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int skew = random.nextInt(1, 12);
      List<String> dimensions =
          Arrays.asList(
              "org-" + random.nextInt(skew),
              random.nextInt(3) == 0 ? null : "",
              random.nextInt(3) == 0 ? null : "user-" + random.nextInt(skew),
              random.nextInt(5) == 0 ? "clé" : null,
              "openai",
              "model-" + random.nextInt(2),
              random.nextBoolean() ? "chat" : null);
      events.add(
          new Event(
              dimensions,
              random.nextInt(10) == 0,
              random.nextLong(10_000),
              random.nextLong(100),
              random.nextLong(2_000),
              random.nextLong(1_000_000_000_000L),
              random.nextInt(6) == 0 ? null : random.nextLong(100_000) >>> random.nextInt(17),
              random.nextLong(-Days.MICROS, Days.MICROS)));
    }
    return events;
  }

  private static Event event(List<String> dimensions) {
    return new Event(dimensions, false, 1, 0, 1, 1, null, 0);
  }

  private static Dimensions dimensions(List<String> values) {
    Dimensions dimensions = new Dimensions();
    for (int i = 0; i < Dimensions.COUNT; i++) {
      dimensions.set(i, values.get(i));
    }
    return dimensions;
  }

  private static List<String> dimensions(EventAggregator aggregator, int slot) {
    Dimensions dimensions = new Dimensions();
    aggregator.dimensions(slot, dimensions);
    List<String> values = new ArrayList<>();
    for (int i = 0; i < Dimensions.COUNT; i++) {
      values.add(dimensions.string(i));
    }
    return values;
  }

  private static List<Byte> list(byte[] bytes) {
    if (bytes == null) {
      return null;
    }
    List<Byte> list = new ArrayList<>();
    for (byte value : bytes) {
      list.add(value);
    }
    return list;
  }
}
