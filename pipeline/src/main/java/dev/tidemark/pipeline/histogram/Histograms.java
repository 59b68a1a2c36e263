package dev.tidemark.pipeline.histogram;

/**
 * Operations on encoded latency histograms, as columns hold them. Null is the histogram of no
 * latency at all. Every method throws {@link IllegalArgumentException} for bytes that are no
 * histogram and for one of another mapping version.
 */
public final class Histograms {
  private Histograms() {}

  /**
   * The histogram of the latencies of both.
   *
   * @throws ArithmeticException if a count does not fit a long
   */
  public static byte[] merge(byte[] left, byte[] right) {
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    HistogramReader one = new HistogramReader().open(left);
    HistogramReader other = new HistogramReader().open(right);
    HistogramWriter writer = new HistogramWriter();
    boolean inOne = one.next();
    boolean inOther = other.next();
    while (inOne || inOther) {
      if (!inOther || (inOne && one.bucket() < other.bucket())) {
        writer.append(one.bucket(), one.count());
        inOne = one.next();
      } else if (!inOne || other.bucket() < one.bucket()) {
        writer.append(other.bucket(), other.count());
        inOther = other.next();
      } else {
        writer.append(one.bucket(), Math.addExact(one.count(), other.count()));
        inOne = one.next();
        inOther = other.next();
      }
    }
    return writer.toBytes();
  }

  /**
   * How many latencies a histogram holds.
   *
   * @throws ArithmeticException if that does not fit a long
   */
  public static long count(byte[] histogram) {
    long count = 0;
    if (histogram != null) {
      HistogramReader reader = new HistogramReader().open(histogram);
      while (reader.next()) {
        count = Math.addExact(count, reader.count());
      }
    }
    return count;
  }

  /**
   * A quantile in milliseconds, as {@link LatencyHistogram#quantile} defines it.
   *
   * @param histogram not null: no latencies have no quantile
   * @param quantile from 0 to 1
   */
  public static double quantile(byte[] histogram, double quantile) {
    long rank = rank(quantile, count(histogram));
    HistogramReader reader = new HistogramReader().open(histogram);
    long upTo = 0;
    while (upTo <= rank && reader.next()) {
      upTo += reader.count();
    }
    return LatencyBuckets.representative(reader.bucket());
  }

  /** From 0, in ascending order. The product is rounded once, to a double, and then down. */
  static long rank(double quantile, long count) {
    if (!(quantile >= 0 && quantile <= 1)) {
      throw new IllegalArgumentException("a quantile lies from 0 to 1, not at " + quantile);
    }
    return Math.min((long) Math.floor(quantile * (count - 1)), count - 1);
  }
}
