package dev.tidemark.benchmarks.kernel;

import dev.tidemark.pipeline.histogram.LatencyHistogram;
import dev.tidemark.pipeline.kernel.Dimensions;
import dev.tidemark.pipeline.kernel.EventAggregator;
import dev.tidemark.pipeline.kernel.EventIdReader;
import dev.tidemark.pipeline.kernel.SeriesHasher;
import dev.tidemark.pipeline.kernel.SipHash128;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The stages that every event, group or histogram goes through; nanoseconds for one of them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class KernelStages {
  private static final int EVENTS = 100_000;
  private static final int SERIES = 5_000;
  private static final int HOURS = 24;
  private static final long HOUR_MICROS = 3_600_000_000L;
  private static final long FIRST_HOUR = 490_000 * HOUR_MICROS;

  private final long[] hour = new long[EVENTS];
  private final long[] latency = new long[EVENTS];
  private final int[] series = new int[EVENTS];
  private final long[] high = new long[SERIES];
  private final long[] low = new long[SERIES];
  private final byte[][] ids = new byte[EVENTS][];
  private final byte[][] histograms = new byte[HOURS][];
  private final Dimensions dimensions = new Dimensions();
  private SeriesHasher hasher;
  private EventIdReader reader;
  private LatencyHistogram day;

  /** Events of a day in the order of time: 5,000 series, log-normal latencies. */
  @Setup(Level.Trial)
  public void events() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    byte[] key = new byte[SipHash128.KEY_BYTES];
    hasher = new SeriesHasher(key);
    reader = new EventIdReader(key);
    for (int i = 0; i < Dimensions.COUNT; i++) {
      dimensions.set(i, "0f8fad5b-d9cb-469f-a165-70867728950e");
    }
    for (int i = 0; i < SERIES; i++) {
      high[i] = random.nextLong();
      low[i] = random.nextLong();
    }
    LatencyHistogram[] byHour = new LatencyHistogram[HOURS];
    for (int i = 0; i < EVENTS; i++) {
      int ofDay = (int) ((long) i * HOURS / EVENTS);
      hour[i] = FIRST_HOUR + ofDay * HOUR_MICROS;
      latency[i] = (long) Math.exp(6.5 + random.nextGaussian());
      series[i] = random.nextInt(SERIES);
      ids[i] =
          new UUID(random.nextLong(), random.nextLong())
              .toString()
              .getBytes(StandardCharsets.US_ASCII);
      if (byHour[ofDay] == null) {
        byHour[ofDay] = new LatencyHistogram();
      }
      byHour[ofDay].add(latency[i]);
    }
    day = new LatencyHistogram();
    for (int i = 0; i < HOURS; i++) {
      histograms[i] = byHour[i].encode();
      day.add(histograms[i]);
    }
  }

  /** An event into its group, latency included; the table begins empty. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public int event() {
    EventAggregator groups = new EventAggregator();
    for (int i = 0; i < EVENTS; i++) {
      int slot = groups.slot(hour[i], high[series[i]], low[series[i]]);
      if (groups.lacksDimensions(slot)) {
        groups.setDimensions(slot, dimensions);
      }
      groups.addEvent(slot, false, 900, 100, 300, 12_345, hour[i] + i);
      groups.addLatency(slot, latency[i]);
    }
    return groups.groupCount();
  }

  /** The identity of a series from its seven texts. */
  @Benchmark
  public long seriesIdentity() {
    return hasher.hash(dimensions).low();
  }

  /** The identity of an event from the text of its UUID. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long eventIdentity() {
    long all = 0;
    for (byte[] id : ids) {
      all ^= reader.read(id, 0, id.length).low();
    }
    return all;
  }

  /** An hour's histogram of some 4,000 latencies into its day's. */
  @Benchmark
  @OperationsPerInvocation(HOURS)
  public long hourIntoDay() {
    LatencyHistogram all = new LatencyHistogram();
    for (byte[] one : histograms) {
      all.add(one);
    }
    return all.count();
  }

  /** A day's 99th percentile. */
  @Benchmark
  public double percentile() {
    return day.quantile(0.99);
  }
}
