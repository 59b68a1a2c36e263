package dev.tidemark.pipeline.kernel;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The events seen, by the two halves of their id and their time (EX-8), so that a re-delivery is
 * known: open addressing over primitive arrays, one table for each window, so that deliveries in
 * about the order of time stay within a small one. Not safe for threads.
 */
public final class DeliverySet {
  private static final int SMALLEST = 1 << 10;
  private static final int WORDS = 3;

  private final Map<Long, Table> tables = new HashMap<>();
  private Table table;
  private long window;

  /**
   * Takes note of a delivery.
   *
   * @param windowStart the window that the time lies in
   * @param occurredAt microseconds since the epoch, UTC
   * @return whether it is the event's first
   */
  public boolean add(long windowStart, long idHigh, long idLow, long occurredAt) {
    if (table == null || windowStart != window) {
      window = windowStart;
      table = tables.computeIfAbsent(windowStart, start -> new Table());
    }
    return table.add(idHigh, idLow, occurredAt);
  }

  private static final class Table {
    /** High, low, time for each place; a time of {@link #EMPTY} where nothing is. */
    private long[] entries = empty(SMALLEST);

    private static final long EMPTY = Long.MIN_VALUE;

    private int capacity = SMALLEST;
    private int size;

    boolean add(long high, long low, long time) {
      int at = hash(high, low) & (capacity - 1);
      for (int word = at * WORDS; entries[word + 2] != EMPTY; word = at * WORDS) {
        if (entries[word] == high && entries[word + 1] == low && entries[word + 2] == time) {
          return false;
        }
        at = (at + 1) & (capacity - 1);
      }
      put(entries, at, high, low, time);
      if (++size > capacity / 2) {
        grow();
      }
      return true;
    }

    private void grow() {
      long[] old = entries;
      capacity = Math.multiplyExact(capacity, 2);
      entries = empty(capacity);
      for (int word = 0; word < old.length; word += WORDS) {
        if (old[word + 2] != EMPTY) {
          int at = hash(old[word], old[word + 1]) & (capacity - 1);
          while (entries[at * WORDS + 2] != EMPTY) {
            at = (at + 1) & (capacity - 1);
          }
          put(entries, at, old[word], old[word + 1], old[word + 2]);
        }
      }
    }

    private static void put(long[] entries, int at, long high, long low, long time) {
      entries[at * WORDS] = high;
      entries[at * WORDS + 1] = low;
      entries[at * WORDS + 2] = time;
    }

    private static long[] empty(int capacity) {
      long[] entries = new long[Math.multiplyExact(capacity, WORDS)];
      Arrays.fill(entries, EMPTY);
      return entries;
    }

    /** An id that somebody chose may be anything; whoever chooses many alike slows only himself. */
    private static int hash(long high, long low) {
      return EventAggregator.hash(0, high, low);
    }
  }
}
