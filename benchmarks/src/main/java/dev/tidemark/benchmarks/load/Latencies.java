package dev.tidemark.benchmarks.load;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** How long many repetitions of one operation took, each counted: no histogram, no estimate. */
public final class Latencies {
  private static final double NANOS_PER_MILLI = 1e6;

  private final long[] sortedNanos;
  private final double seconds;

  /**
   * The times of some repetitions.
   *
   * @param nanos of each, nanoseconds, at least one, in any order
   * @param seconds how long all of them together took, by the clock on the wall
   */
  public Latencies(long[] nanos, double seconds) {
    if (nanos.length == 0) {
      throw new IllegalArgumentException("No repetition was measured");
    }
    this.sortedNanos = nanos.clone();
    Arrays.sort(sortedNanos);
    this.seconds = seconds;
  }

  /** How many repetitions there were. */
  public int count() {
    return sortedNanos.length;
  }

  /** Repetitions a second, all clients together. */
  public double rate() {
    return count() / seconds;
  }

  /**
   * The smallest time that at least the share {@code quantile} of the repetitions did not exceed
   * (nearest rank), milliseconds.
   *
   * @param quantile above 0, at most 1
   */
  public double millis(double quantile) {
    int rank = (int) Math.ceil(quantile * sortedNanos.length);
    return sortedNanos[Math.max(rank, 1) - 1] / NANOS_PER_MILLI;
  }

  /** What JSON says of them. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("repetitions", count());
    json.put("per_second", rounded(rate()));
    json.put("p50_ms", rounded(millis(0.50)));
    json.put("p95_ms", rounded(millis(0.95)));
    json.put("p99_ms", rounded(millis(0.99)));
    json.put("max_ms", rounded(millis(1)));
    return json;
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
