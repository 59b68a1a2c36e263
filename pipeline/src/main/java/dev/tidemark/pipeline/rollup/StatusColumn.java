package dev.tidemark.pipeline.rollup;

import java.util.Arrays;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Whether a batch's rows are errors: each text is looked at once where files number their texts.
 */
final class StatusColumn {
  private static final UTF8String SUCCESS = UTF8String.fromString("success");
  private static final int MOST_NUMBERED = 64;
  private static final byte UNKNOWN = 0;
  private static final byte GOOD = 1;
  private static final byte BAD = 2;

  private final byte[] known = new byte[MOST_NUMBERED];
  private ColumnVector column;
  private WritableColumnVector numbers;

  /** Starts with a batch's column. */
  void open(ColumnVector status) {
    column = status;
    numbers =
        status instanceof WritableColumnVector writable && writable.hasDictionary()
            ? writable.getDictionaryIds()
            : null;
    Arrays.fill(known, UNKNOWN);
  }

  boolean isError(int row) {
    int number = numbers == null ? MOST_NUMBERED : numbers.getDictId(row);
    if (number >= MOST_NUMBERED) {
      return !column.getUTF8String(row).equals(SUCCESS);
    }
    if (known[number] == UNKNOWN) {
      known[number] = column.getUTF8String(row).equals(SUCCESS) ? GOOD : BAD;
    }
    return known[number] == BAD;
  }
}
