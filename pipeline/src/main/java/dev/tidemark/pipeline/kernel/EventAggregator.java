package dev.tidemark.pipeline.kernel;

import dev.tidemark.pipeline.histogram.HistogramReader;
import dev.tidemark.pipeline.histogram.LatencyBuckets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Adds events, or rows that were added up before, into groups of window × series.
 *
 * <p>The one table serves every stage, as all it holds merges by addition: events into partial
 * groups, partial groups into whole ones, hours into days. A group is a slot, numbered from 0 in
 * the order in which groups were made:
 *
 * <pre>{@code
 * int slot = aggregator.slot(Hours.startOf(occurredAt), seriesHigh, seriesLow);
 * if (aggregator.lacksDimensions(slot)) {
 *   aggregator.setDimensions(slot, dimensions);
 * }
 * aggregator.addEvent(slot, isError, inputTokens, cachedInputTokens, outputTokens, cost, occurredAt);
 * if (hasLatency) {
 *   aggregator.addLatency(slot, latency);
 * }
 * }</pre>
 *
 * <p>Two groups are the same if their windows and both halves of their series ids are. Times are
 * microseconds since the epoch, UTC; money is nano-dollars; latencies are whole milliseconds from 0
 * to {@link LatencyBuckets#MAX_MILLIS}. A sum that does not fit a long throws {@link
 * ArithmeticException}, after which the table is of no use. Not safe for threads.
 */
public final class EventAggregator {
  private static final int WINDOW_START = 0;
  private static final int SERIES_HIGH = 1;
  private static final int SERIES_LOW = 2;
  private static final int SERIES = 3;
  private static final int REQUEST_COUNT = 4;
  private static final int ERROR_COUNT = 5;
  private static final int INPUT_TOKENS = 6;
  private static final int CACHED_INPUT_TOKENS = 7;
  private static final int OUTPUT_TOKENS = 8;
  private static final int COST_NANO_USD = 9;
  private static final int FIRST_EVENT_AT = 10;
  private static final int LAST_EVENT_AT = 11;
  private static final int LATENCY_SUM = 12;
  private static final int LATENCY_RANGE = 13;
  private static final int HISTOGRAM = 14;

  /** Longs a group: 128 bytes. */
  private static final int RECORD = HISTOGRAM + HistogramPool.WORDS;

  private static final long NO_LATENCY_RANGE = range(Integer.MAX_VALUE, 0);

  /** One for each window, so that events in about the order of time stay within a small one. */
  private final Map<Long, SlotIndex> indexes = new HashMap<>();

  private SlotIndex index = new SlotIndex();
  private long window;
  private long indexBytes;
  private final LongPages records = new LongPages();
  private final SeriesTable series = new SeriesTable();
  private final HistogramPool histograms = new HistogramPool();
  private final HistogramReader reader = new HistogramReader();
  private int groupCount;

  /** The slot of a group, which is made if it is not there. */
  public int slot(long windowStart, long seriesHigh, long seriesLow) {
    if (windowStart != window || groupCount == 0) {
      window = windowStart;
      index = indexes.computeIfAbsent(windowStart, start -> newIndex());
    }
    int hash = hash(windowStart, seriesHigh, seriesLow);
    int at = index.probe(hash, hash);
    for (int slot = index.slotAt(at);
        slot != SlotIndex.NONE;
        at = index.probe(hash, at + 1), slot = index.slotAt(at)) {
      long[] page = page(slot);
      int record = record(slot);
      if (page[record + SERIES_LOW] == seriesLow && page[record + SERIES_HIGH] == seriesHigh) {
        return slot;
      }
    }
    long before = index.bytes();
    index.put(at, hash, groupCount);
    indexBytes += index.bytes() - before;
    return make(windowStart, seriesHigh, seriesLow);
  }

  private SlotIndex newIndex() {
    SlotIndex created = new SlotIndex();
    indexBytes += created.bytes();
    return created;
  }

  /** Whether the dimensions of the group's series are still to be set; one group's are all its. */
  public boolean lacksDimensions(int slot) {
    return series.lacksDimensions(series(slot));
  }

  /**
   * Copies the dimensions of the group's series.
   *
   * @throws IllegalStateException if it has some already
   */
  public void setDimensions(int slot, Dimensions dimensions) {
    if (!lacksDimensions(slot)) {
      throw new IllegalStateException("the series of slot " + slot + " has its dimensions already");
    }
    series.setDimensions(series(slot), dimensions);
  }

  /** Adds an event to a group, except for its latency. */
  public void addEvent(
      int slot,
      boolean isError,
      long inputTokens,
      long cachedInputTokens,
      long outputTokens,
      long costNanoUsd,
      long occurredAt) {
    addEvents(
        slot,
        1,
        isError ? 1 : 0,
        inputTokens,
        cachedInputTokens,
        outputTokens,
        costNanoUsd,
        occurredAt,
        occurredAt);
  }

  /** Adds events that were added up before to a group, except for their latencies. */
  public void addEvents(
      int slot,
      long requestCount,
      long errorCount,
      long inputTokens,
      long cachedInputTokens,
      long outputTokens,
      long costNanoUsd,
      long firstEventAt,
      long lastEventAt) {
    Objects.checkIndex(slot, groupCount);
    long[] page = page(slot);
    int record = record(slot);
    add(page, record + REQUEST_COUNT, requestCount);
    add(page, record + ERROR_COUNT, errorCount);
    add(page, record + INPUT_TOKENS, inputTokens);
    add(page, record + CACHED_INPUT_TOKENS, cachedInputTokens);
    add(page, record + OUTPUT_TOKENS, outputTokens);
    add(page, record + COST_NANO_USD, costNanoUsd);
    page[record + FIRST_EVENT_AT] = Math.min(page[record + FIRST_EVENT_AT], firstEventAt);
    page[record + LAST_EVENT_AT] = Math.max(page[record + LAST_EVENT_AT], lastEventAt);
  }

  /**
   * Adds the latency of an event to a group.
   *
   * @throws IllegalArgumentException if it is negative or over the limit
   */
  public void addLatency(int slot, long millis) {
    Objects.checkIndex(slot, groupCount);
    int bucket = LatencyBuckets.indexOf(millis);
    long[] page = page(slot);
    int record = record(slot);
    addLatencyTotals(page, record, millis, (int) millis, (int) millis);
    histograms.add(page, record + HISTOGRAM, bucket, 1);
  }

  /**
   * Adds latencies that were added up before to a group.
   *
   * @param sum of the latencies in milliseconds
   * @param histogram encoded, not null: who has no latencies adds none
   * @throws IllegalArgumentException if the extremes are not in the histogram's first and last
   *     bucket, or the histogram is malformed or of another mapping version; the table is of no use
   *     then
   */
  public void addLatencies(int slot, long sum, long min, long max, byte[] histogram) {
    Objects.checkIndex(slot, groupCount);
    long[] page = page(slot);
    int record = record(slot);
    int lowest = LatencyBuckets.indexOf(min);
    int highest = LatencyBuckets.indexOf(max);
    reader.open(histogram);
    int first = Integer.MAX_VALUE;
    while (reader.next()) {
      first = Math.min(first, reader.bucket());
      histograms.add(page, record + HISTOGRAM, reader.bucket(), reader.count());
    }
    if (first != lowest || reader.bucket() != highest) {
      throw new IllegalArgumentException(
          "latencies from " + min + " to " + max + " ms are not those of their histogram");
    }
    addLatencyTotals(page, record, sum, (int) min, (int) max);
  }

  /** How many groups there are; their slots run from 0 to one less. */
  public int groupCount() {
    return groupCount;
  }

  /** About how many bytes of memory the groups and the index over them take. */
  public long estimatedBytes() {
    return indexBytes + records.bytes() + series.bytes() + histograms.bytes();
  }

  /** Forgets every group. What memory was taken is kept for the groups to come. */
  public void clear() {
    indexes.values().forEach(SlotIndex::clear);
    records.clear();
    series.clear();
    histograms.clear();
    groupCount = 0;
  }

  public long windowStart(int slot) {
    return word(slot, WINDOW_START);
  }

  public long seriesHigh(int slot) {
    return word(slot, SERIES_HIGH);
  }

  public long seriesLow(int slot) {
    return word(slot, SERIES_LOW);
  }

  /**
   * Points a tuple to the dimensions of the group's series, which stay in place until {@link
   * #clear}.
   *
   * @throws IllegalStateException if they were never set
   */
  public void dimensions(int slot, Dimensions into) {
    if (lacksDimensions(slot)) {
      throw new IllegalStateException("the series of slot " + slot + " never got its dimensions");
    }
    series.dimensions(series(slot), into);
  }

  public long requestCount(int slot) {
    return word(slot, REQUEST_COUNT);
  }

  public long errorCount(int slot) {
    return word(slot, ERROR_COUNT);
  }

  public long inputTokens(int slot) {
    return word(slot, INPUT_TOKENS);
  }

  public long cachedInputTokens(int slot) {
    return word(slot, CACHED_INPUT_TOKENS);
  }

  public long outputTokens(int slot) {
    return word(slot, OUTPUT_TOKENS);
  }

  public long costNanoUsd(int slot) {
    return word(slot, COST_NANO_USD);
  }

  /** The time of the group's earliest event. */
  public long firstEventAt(int slot) {
    return word(slot, FIRST_EVENT_AT);
  }

  /** The time of the group's latest event. */
  public long lastEventAt(int slot) {
    return word(slot, LAST_EVENT_AT);
  }

  /**
   * Whether any event of the group has a latency; if none has, sum, extremes and histogram are
   * null.
   */
  public boolean hasLatency(int slot) {
    return word(slot, HISTOGRAM) != 0;
  }

  /** The sum of the latencies in milliseconds; 0 if there is none. */
  public long latencySum(int slot) {
    return word(slot, LATENCY_SUM);
  }

  /** The lowest latency in milliseconds; undefined if there is none. */
  public int latencyMin(int slot) {
    return min(word(slot, LATENCY_RANGE));
  }

  /** The highest latency in milliseconds; undefined if there is none. */
  public int latencyMax(int slot) {
    return max(word(slot, LATENCY_RANGE));
  }

  /** The encoded histogram of the latencies, an array of its own; null if there is none. */
  public byte[] latencyHistogram(int slot) {
    Objects.checkIndex(slot, groupCount);
    return histograms.encode(page(slot), record(slot) + HISTOGRAM);
  }

  /** Spreads keys of any kind, though series ids are random already, over 32 bits. */
  static int hash(long windowStart, long seriesHigh, long seriesLow) {
    long mixed = (windowStart ^ Long.rotateLeft(seriesHigh, 32)) * 0x9e3779b97f4a7c15L + seriesLow;
    mixed = (mixed ^ mixed >>> 32) * 0xd6e8feb86659fd93L;
    return (int) (mixed ^ mixed >>> 32);
  }

  private int make(long windowStart, long seriesHigh, long seriesLow) {
    int slot = groupCount++;
    records.allocate(RECORD);
    long[] page = page(slot);
    int record = record(slot);
    page[record + WINDOW_START] = windowStart;
    page[record + SERIES_HIGH] = seriesHigh;
    page[record + SERIES_LOW] = seriesLow;
    page[record + SERIES] = series.find(seriesHigh, seriesLow);
    for (int word = REQUEST_COUNT; word <= COST_NANO_USD; word++) {
      page[record + word] = 0;
    }
    page[record + FIRST_EVENT_AT] = Long.MAX_VALUE;
    page[record + LAST_EVENT_AT] = Long.MIN_VALUE;
    page[record + LATENCY_SUM] = 0;
    page[record + LATENCY_RANGE] = NO_LATENCY_RANGE;
    Arrays.fill(page, record + HISTOGRAM, record + HISTOGRAM + HistogramPool.WORDS, 0);
    return slot;
  }

  private static void addLatencyTotals(long[] page, int record, long sum, int min, int max) {
    add(page, record + LATENCY_SUM, sum);
    long range = page[record + LATENCY_RANGE];
    page[record + LATENCY_RANGE] = range(Math.min(min(range), min), Math.max(max(range), max));
  }

  private static void add(long[] page, int at, long value) {
    page[at] = Math.addExact(page[at], value);
  }

  private static long range(int min, int max) {
    return (long) min << 32 | max;
  }

  private static int min(long range) {
    return (int) (range >>> 32);
  }

  private static int max(long range) {
    return (int) range;
  }

  private int series(int slot) {
    return (int) word(slot, SERIES);
  }

  private long word(int slot, int word) {
    Objects.checkIndex(slot, groupCount);
    return page(slot)[record(slot) + word];
  }

  private long[] page(int slot) {
    return records.page((long) slot * RECORD);
  }

  private static int record(int slot) {
    return LongPages.offset((long) slot * RECORD);
  }
}
