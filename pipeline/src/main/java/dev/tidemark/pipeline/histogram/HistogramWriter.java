package dev.tidemark.pipeline.histogram;

import java.util.Arrays;

/**
 * Encodes buckets given in ascending order; {@link HistogramReader} tells the encoding. It can be
 * used again for another histogram and then allocates nothing but the result.
 */
public final class HistogramWriter {
  private static final int LONGEST_BUCKET = 12;

  private byte[] buffer = new byte[64];
  private int length;
  private int bucket;

  public HistogramWriter() {
    reset();
  }

  /** Forgets what was appended. */
  public HistogramWriter reset() {
    buffer[0] = LatencyBuckets.VERSION;
    length = 1;
    bucket = -1;
    return this;
  }

  /**
   * Appends a bucket.
   *
   * @param next over the one appended before
   * @param count at least 1
   */
  public void append(int next, long count) {
    if (next <= bucket || next >= LatencyBuckets.count() || count < 1) {
      throw new IllegalArgumentException(
          "bucket " + next + " with count " + count + " cannot follow bucket " + bucket);
    }
    if (buffer.length - length < LONGEST_BUCKET) {
      buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    }
    int distance = next - bucket - (bucket < 0 ? 1 : 0);
    if (count == 1) {
      number((long) distance << 1);
    } else {
      number((long) distance << 1 | 1);
      number(count - 2);
    }
    bucket = next;
  }

  /** The histogram appended so far, or null if there is no bucket in it. */
  public byte[] toBytes() {
    return bucket < 0 ? null : Arrays.copyOf(buffer, length);
  }

  private void number(long value) {
    long rest = value;
    while (rest > 0x7f) {
      buffer[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[length++] = (byte) rest;
  }
}
