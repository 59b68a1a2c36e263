package dev.tidemark.pipeline.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The series seen, numbered from 0, with copies of their dimensions once these are known. */
final class SeriesTable {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int HEADER = Dimensions.COUNT * Integer.BYTES;
  private static final int ARRAY_OVERHEAD = 24;

  private final SlotIndex index = new SlotIndex();
  private long[] keys = new long[32];

  /** Of each series the lengths of its dimensions, -1 for null, then their bytes. */
  private byte[][] dimensions = new byte[16][];

  private int size;
  private long dimensionBytes;

  int find(long high, long low) {
    int hash = EventAggregator.hash(0, high, low);
    int at = index.probe(hash, hash);
    for (int series = index.slotAt(at);
        series != SlotIndex.NONE;
        at = index.probe(hash, at + 1), series = index.slotAt(at)) {
      if (keys[2 * series] == high && keys[2 * series + 1] == low) {
        return series;
      }
    }
    if (size == dimensions.length) {
      dimensions = Arrays.copyOf(dimensions, 2 * size);
      keys = Arrays.copyOf(keys, 4 * size);
    }
    keys[2 * size] = high;
    keys[2 * size + 1] = low;
    index.put(at, hash, size);
    return size++;
  }

  boolean lacksDimensions(int series) {
    return dimensions[series] == null;
  }

  void setDimensions(int series, Dimensions from) {
    int length = HEADER;
    for (int dimension = 0; dimension < Dimensions.COUNT; dimension++) {
      length = Math.addExact(length, from.length(dimension));
    }
    byte[] copy = new byte[length];
    int offset = HEADER;
    for (int dimension = 0; dimension < Dimensions.COUNT; dimension++) {
      if (from.isNull(dimension)) {
        INT.set(copy, dimension * Integer.BYTES, -1);
      } else {
        int count = from.length(dimension);
        INT.set(copy, dimension * Integer.BYTES, count);
        System.arraycopy(from.bytes(dimension), from.offset(dimension), copy, offset, count);
        offset += count;
      }
    }
    dimensions[series] = copy;
    dimensionBytes += length + ARRAY_OVERHEAD;
  }

  void dimensions(int series, Dimensions into) {
    byte[] copy = dimensions[series];
    int offset = HEADER;
    for (int dimension = 0; dimension < Dimensions.COUNT; dimension++) {
      int length = (int) INT.get(copy, dimension * Integer.BYTES);
      if (length < 0) {
        into.setNull(dimension);
      } else {
        into.set(dimension, copy, offset, length);
        offset += length;
      }
    }
  }

  void clear() {
    index.clear();
    Arrays.fill(dimensions, 0, size, null);
    size = 0;
    dimensionBytes = 0;
  }

  long bytes() {
    return index.bytes() + dimensionBytes + (long) size * (2 * Long.BYTES + Long.BYTES);
  }
}
