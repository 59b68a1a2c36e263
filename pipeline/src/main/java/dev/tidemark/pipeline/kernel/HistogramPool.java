package dev.tidemark.pipeline.kernel;

import dev.tidemark.pipeline.histogram.HistogramWriter;
import java.util.Arrays;

/**
 * Millions of small latency histograms in shared pages. A histogram is a reference, {@link #EMPTY}
 * at first, which every addition replaces. Behind it lie its buckets in ascending order, each in a
 * long with its count, in a run whose capacity is the next power of two; a run outgrown is used
 * again.
 */
final class HistogramPool {
  /** The reference of a histogram without latencies. */
  static final long EMPTY = 0;

  /** The highest count of a bucket. */
  static final long MAX_COUNT = (1L << 52) - 1;

  private static final int COUNT_BITS = 52;
  private static final int SIZE_BITS = 16;
  private static final int SMALLEST_RUN = 4;
  private static final long NO_RUN = -1;

  private final LongPages runs = new LongPages();

  /** By the logarithm of the capacity, a run to use again; its first long leads to the next one. */
  private final long[] free = new long[SIZE_BITS];

  private final HistogramWriter writer = new HistogramWriter();

  HistogramPool() {
    clear();
  }

  /**
   * Adds to a bucket's count.
   *
   * @return the reference to use from now on
   * @throws ArithmeticException if the count is over {@link #MAX_COUNT} then
   */
  long add(long reference, int bucket, long count) {
    int size = size(reference);
    long run = run(reference);
    int at = 0;
    if (size > 0) {
      long[] page = runs.page(run);
      int start = LongPages.offset(run);
      at = search(page, start, size, bucket);
      if (at < size && page[start + at] >>> COUNT_BITS == bucket) {
        page[start + at] += checked(count, page[start + at] & MAX_COUNT);
        return reference;
      }
    }
    return insert(run, size, at, (long) bucket << COUNT_BITS | checked(count, 0));
  }

  /** The canonical bytes of a histogram; null if it is empty. */
  byte[] encode(long reference) {
    writer.reset();
    int size = size(reference);
    if (size > 0) {
      long[] page = runs.page(run(reference));
      int start = LongPages.offset(run(reference));
      for (int at = start; at < start + size; at++) {
        writer.append((int) (page[at] >>> COUNT_BITS), page[at] & MAX_COUNT);
      }
    }
    return writer.toBytes();
  }

  /** Forgets every histogram and keeps the room. */
  void clear() {
    runs.clear();
    Arrays.fill(free, NO_RUN);
  }

  long bytes() {
    return runs.bytes();
  }

  private long insert(long run, int size, int at, long entry) {
    long target = run;
    if (size == 0) {
      target = allocate(SMALLEST_RUN);
    } else if (size >= SMALLEST_RUN && Integer.bitCount(size) == 1) {
      target = allocate(2 * size);
      System.arraycopy(
          runs.page(run), LongPages.offset(run), runs.page(target), LongPages.offset(target), size);
      release(run, size);
    }
    long[] page = runs.page(target);
    int position = LongPages.offset(target) + at;
    System.arraycopy(page, position, page, position + 1, size - at);
    page[position] = entry;
    return target << SIZE_BITS | (size + 1);
  }

  private long allocate(int capacity) {
    int rank = Integer.numberOfTrailingZeros(capacity);
    long run = free[rank];
    if (run == NO_RUN) {
      return runs.allocate(capacity);
    }
    free[rank] = runs.page(run)[LongPages.offset(run)];
    return run;
  }

  private void release(long run, int capacity) {
    int rank = Integer.numberOfTrailingZeros(capacity);
    runs.page(run)[LongPages.offset(run)] = free[rank];
    free[rank] = run;
  }

  /** How many of the buckets lie below the given one. */
  private static int search(long[] page, int start, int size, int bucket) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (page[start + middle] >>> COUNT_BITS < bucket) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static long checked(long count, long before) {
    if (count > MAX_COUNT - before) {
      throw new ArithmeticException(
          "more than " + MAX_COUNT + " latencies of a group in one histogram bucket");
    }
    return count;
  }

  private static int size(long reference) {
    return (int) reference & ((1 << SIZE_BITS) - 1);
  }

  private static long run(long reference) {
    return reference >>> SIZE_BITS;
  }
}
