package dev.tidemark.pipeline.kernel;

import dev.tidemark.pipeline.histogram.HistogramWriter;
import java.util.Arrays;

/**
 * Millions of small latency histograms. Each is two longs of the caller's, both 0 at first.
 *
 * <p>A few latencies are kept right there, bucket by bucket as they come, so that adding one
 * touches no other memory. Once they do not fit, the first long refers to a run of longs in shared
 * pages: the buckets in ascending order, each with its count. A run's capacity is the next power of
 * two, and a run outgrown is used again.
 */
final class HistogramPool {
  /** How many longs of the caller's a histogram is. */
  static final int WORDS = 2;

  /** The highest count of a bucket. */
  static final long MAX_COUNT = (1L << 52) - 1;

  /** A bucket's number plus 1, so that 0 is none. */
  private static final int BUCKET_BITS = 10;

  private static final int IN_A_WORD = 6;
  private static final int IN_PLACE = WORDS * IN_A_WORD;

  /** Of the first long: what remains is a run's address and size. */
  private static final long IN_RUN = Long.MIN_VALUE;

  private static final int COUNT_BITS = 52;
  private static final int SIZE_BITS = 16;
  private static final int SMALLEST_RUN = 8;
  private static final long NO_RUN = -1;
  private static final long EMPTY = 0;

  private final LongPages runs = new LongPages();

  /** By the logarithm of the capacity, a run to use again; its first long leads to the next one. */
  private final long[] free = new long[SIZE_BITS];

  private final int[] sorted = new int[IN_PLACE];
  private final HistogramWriter writer = new HistogramWriter();

  HistogramPool() {
    clear();
  }

  /**
   * Adds to a bucket's count in the histogram at a place.
   *
   * @throws ArithmeticException if the count is over {@link #MAX_COUNT} then
   */
  void add(long[] words, int at, int bucket, long count) {
    if (words[at] < 0) {
      words[at] = IN_RUN | addToRun(words[at] & ~IN_RUN, bucket, count);
      return;
    }
    int size = sizeInPlace(words, at);
    if (count <= IN_PLACE - size) {
      for (int end = size + (int) count; size < end; size++) {
        words[at + size / IN_A_WORD] |= bucket + 1L << size % IN_A_WORD * BUCKET_BITS;
      }
      return;
    }
    long reference = EMPTY;
    for (int i = 0; i < size; i++) {
      reference = addToRun(reference, bucketInPlace(words, at, i), 1);
    }
    words[at] = IN_RUN | addToRun(reference, bucket, count);
  }

  /** The canonical bytes of the histogram at a place; null if it is empty. */
  byte[] encode(long[] words, int at) {
    writer.reset();
    if (words[at] < 0) {
      appendRun(words[at] & ~IN_RUN);
    } else {
      appendInPlace(words, at);
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

  private void appendRun(long reference) {
    long[] page = runs.page(run(reference));
    int start = LongPages.offset(run(reference));
    for (int at = start; at < start + size(reference); at++) {
      writer.append((int) (page[at] >>> COUNT_BITS), page[at] & MAX_COUNT);
    }
  }

  private void appendInPlace(long[] words, int at) {
    int size = sizeInPlace(words, at);
    for (int i = 0; i < size; i++) {
      sorted[i] = bucketInPlace(words, at, i);
    }
    Arrays.sort(sorted, 0, size);
    for (int i = 0, next; i < size; i = next) {
      next = i + 1;
      while (next < size && sorted[next] == sorted[i]) {
        next++;
      }
      writer.append(sorted[i], next - i);
    }
  }

  private static int sizeInPlace(long[] words, int at) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(words[at]);
    int bitsOfSecond = Long.SIZE - Long.numberOfLeadingZeros(words[at + 1]);
    return (bits + BUCKET_BITS - 1) / BUCKET_BITS + (bitsOfSecond + BUCKET_BITS - 1) / BUCKET_BITS;
  }

  private static int bucketInPlace(long[] words, int at, int i) {
    long word = words[at + i / IN_A_WORD] >>> i % IN_A_WORD * BUCKET_BITS;
    return (int) (word & ((1 << BUCKET_BITS) - 1)) - 1;
  }

  private long addToRun(long reference, int bucket, long count) {
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
