package dev.tidemark.pipeline.rollup;

import dev.tidemark.pipeline.kernel.Dimensions;
import dev.tidemark.pipeline.kernel.SeriesHasher;
import java.util.Arrays;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * The series of a batch's rows, hashed once for each combination of texts where files number their
 * texts (dictionaries); one for each task.
 */
final class SeriesColumns {
  private static final int CAPACITY = 1 << 13;
  private static final int NULL = -1;

  private final SeriesHasher hasher;
  private final int[] positions;
  private final ColumnVector[] columns = new ColumnVector[Dimensions.COUNT];
  private final WritableColumnVector[] ids = new WritableColumnVector[Dimensions.COUNT];
  private final Dimensions dimensions = new Dimensions();
  private final int[] numbers = new int[Dimensions.COUNT];

  /** Combinations of this batch, and their series. */
  private final int[] known = new int[CAPACITY * Dimensions.COUNT];

  private final long[] highs = new long[CAPACITY];
  private final long[] lows = new long[CAPACITY];
  private final boolean[] taken = new boolean[CAPACITY];
  private boolean numbered;
  private int size;

  /**
   * @param key the lake's identity key
   * @param positions of the dimensions in a batch
   */
  SeriesColumns(byte[] key, int[] positions) {
    this.hasher = new SeriesHasher(key);
    this.positions = positions;
  }

  /** Starts with a batch. */
  void open(ColumnarBatch batch) {
    numbered = true;
    for (int dimension = 0; dimension < Dimensions.COUNT; dimension++) {
      ColumnVector column = batch.column(positions[dimension]);
      columns[dimension] = column;
      ids[dimension] =
          column instanceof WritableColumnVector writable && writable.hasDictionary()
              ? writable.getDictionaryIds()
              : null;
      numbered &= ids[dimension] != null;
    }
    forget();
  }

  private void forget() {
    Arrays.fill(taken, false);
    size = 0;
  }

  /** Finds the series of a row: its place for {@link #high} and {@link #low}. */
  int find(int row) {
    if (!numbered) {
      return put(0, row);
    }
    int hash = 0;
    for (int dimension = 0; dimension < Dimensions.COUNT; dimension++) {
      int number = columns[dimension].isNullAt(row) ? NULL : ids[dimension].getDictId(row);
      numbers[dimension] = number;
      hash = (hash + number) * 0x9e3779b1;
    }
    int at = (hash ^ hash >>> 15) & (CAPACITY - 1);
    while (taken[at]) {
      if (isKnown(at)) {
        return at;
      }
      at = (at + 1) & (CAPACITY - 1);
    }
    if (++size > CAPACITY / 2) {
      forget();
      size = 1;
    }
    taken[at] = true;
    System.arraycopy(numbers, 0, known, at * Dimensions.COUNT, Dimensions.COUNT);
    return put(at, row);
  }

  private boolean isKnown(int at) {
    int from = at * Dimensions.COUNT;
    for (int dimension = 0; dimension < Dimensions.COUNT; dimension++) {
      if (known[from + dimension] != numbers[dimension]) {
        return false;
      }
    }
    return true;
  }

  private int put(int at, int row) {
    hasher.hash(read(row));
    highs[at] = hasher.high();
    lows[at] = hasher.low();
    return at;
  }

  /** The texts of a row, until the next one is asked for. */
  Dimensions read(int row) {
    for (int dimension = 0; dimension < Dimensions.COUNT; dimension++) {
      if (columns[dimension].isNullAt(row)) {
        dimensions.setNull(dimension);
      } else {
        byte[] bytes = columns[dimension].getUTF8String(row).getBytes();
        dimensions.set(dimension, bytes, 0, bytes.length);
      }
    }
    return dimensions;
  }

  long high(int place) {
    return highs[place];
  }

  long low(int place) {
    return lows[place];
  }
}
