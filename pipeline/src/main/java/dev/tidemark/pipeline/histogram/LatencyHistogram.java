package dev.tidemark.pipeline.histogram;

/**
 * Counts of latencies by bucket, to add to and subtract from. Latencies are whole milliseconds from
 * 0 to {@link LatencyBuckets#MAX_MILLIS}. Not safe for threads.
 */
public final class LatencyHistogram {
  private final long[] counts = new long[LatencyBuckets.count()];
  private long count;

  /**
   * A histogram of its own from an encoded one.
   *
   * @param histogram null for no latencies
   * @throws IllegalArgumentException if the bytes are no histogram or of another mapping version
   */
  public static LatencyHistogram decode(byte[] histogram) {
    LatencyHistogram decoded = new LatencyHistogram();
    decoded.add(histogram);
    return decoded;
  }

  /**
   * Counts a latency.
   *
   * @throws IllegalArgumentException if it is negative or over the limit
   */
  public void add(long millis) {
    change(LatencyBuckets.indexOf(millis), 1);
  }

  /**
   * Counts all latencies of an encoded histogram; null has none.
   *
   * @throws IllegalArgumentException if the bytes are no histogram or of another mapping version
   * @throws ArithmeticException if the total does not fit a long; some are counted then
   */
  public void add(byte[] histogram) {
    if (histogram != null) {
      HistogramReader reader = new HistogramReader().open(histogram);
      while (reader.next()) {
        change(reader.bucket(), reader.count());
      }
    }
  }

  /**
   * Takes latencies counted before away again; null has none.
   *
   * @throws IllegalArgumentException if the bytes are no histogram or of another mapping version,
   *     or if a latency was never counted; some are taken away then
   */
  public void subtract(byte[] histogram) {
    if (histogram != null) {
      HistogramReader reader = new HistogramReader().open(histogram);
      while (reader.next()) {
        int bucket = reader.bucket();
        if (counts[bucket] < reader.count()) {
          throw new IllegalArgumentException(
              "cannot take "
                  + reader.count()
                  + " latencies of about "
                  + LatencyBuckets.representative(bucket)
                  + " ms away from "
                  + counts[bucket]);
        }
        change(bucket, -reader.count());
      }
    }
  }

  /** How many latencies are counted. */
  public long count() {
    return count;
  }

  /**
   * The latency at rank ⌊quantile · (count − 1)⌋, from 0, of all in ascending order (DDSketch's
   * lower quantile), within 1 %, in milliseconds.
   *
   * @param quantile from 0 to 1
   * @throws IllegalStateException if no latency is counted
   */
  public double quantile(double quantile) {
    if (count == 0) {
      throw new IllegalStateException("no latencies have no quantile");
    }
    long rank = Histograms.rank(quantile, count);
    int bucket = 0;
    long upTo = counts[0];
    while (upTo <= rank) {
      upTo += counts[++bucket];
    }
    return LatencyBuckets.representative(bucket);
  }

  /** The canonical bytes: equal counts are equal bytes. Null if no latency is counted. */
  public byte[] encode() {
    HistogramWriter writer = new HistogramWriter();
    for (int bucket = 0; bucket < counts.length; bucket++) {
      if (counts[bucket] > 0) {
        writer.append(bucket, counts[bucket]);
      }
    }
    return writer.toBytes();
  }

  private void change(int bucket, long by) {
    count = Math.addExact(count, by);
    counts[bucket] += by;
  }
}
