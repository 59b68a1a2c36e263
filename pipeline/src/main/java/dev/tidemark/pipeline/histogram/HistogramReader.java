package dev.tidemark.pipeline.histogram;

/**
 * Walks over the buckets of an encoded histogram in ascending order, without an object per bucket.
 * It can be used again for another histogram.
 *
 * <p>The encoding: the mapping version in one byte; then, for each bucket that is not empty, the
 * distance to the bucket before (for the first: its own number) shifted left by one, the lowest bit
 * telling whether a count follows; and the count less 2 if it does. A count of 1 is left out.
 * Numbers are unsigned LEB128 of the shortest form. Equal content is therefore equal bytes.
 */
public final class HistogramReader {
  private byte[] bytes;
  private int position;
  private int bucket;
  private long count;

  /**
   * Starts over with a histogram.
   *
   * @throws IllegalArgumentException if it has another mapping version, or no bucket at all
   */
  public HistogramReader open(byte[] histogram) {
    if (histogram.length < 2) {
      throw malformed("it has " + histogram.length + " bytes");
    }
    if (histogram[0] != LatencyBuckets.VERSION) {
      throw new IllegalArgumentException(
          "latency histogram of mapping version "
              + (histogram[0] & 0xff)
              + " cannot be read or merged with version "
              + LatencyBuckets.VERSION
              + "; recompute its window");
    }
    bytes = histogram;
    position = 1;
    bucket = -1;
    count = 0;
    return this;
  }

  /**
   * Moves to the next bucket.
   *
   * @return whether there is one
   * @throws IllegalArgumentException if the bytes are not what {@link HistogramWriter} writes
   */
  public boolean next() {
    if (position == bytes.length) {
      return false;
    }
    long head = number();
    long next = bucket + (head >>> 1) + (bucket < 0 ? 1 : 0);
    if (next <= bucket || next >= LatencyBuckets.count()) {
      throw malformed("bucket " + next + " follows bucket " + bucket);
    }
    bucket = (int) next;
    count = 1;
    if ((head & 1) != 0) {
      count = number() + 2;
      if (count < 0) {
        throw malformed("a count is over 2^63");
      }
    }
    return true;
  }

  /** The bucket moved to. */
  public int bucket() {
    return bucket;
  }

  /** How many latencies are in the bucket; at least 1. */
  public long count() {
    return count;
  }

  private long number() {
    long number = 0;
    for (int shift = 0; shift < Long.SIZE - 1; shift += 7) {
      if (position == bytes.length) {
        throw malformed("it ends within a number");
      }
      byte next = bytes[position++];
      number |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        if (next == 0 && shift > 0) {
          throw malformed("a number is longer than it need be");
        }
        return number;
      }
    }
    throw malformed("a number is over 2^63");
  }

  private static IllegalArgumentException malformed(String reason) {
    return new IllegalArgumentException("malformed latency histogram: " + reason);
  }
}
