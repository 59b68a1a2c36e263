package dev.tidemark.migrator.lint;

import java.util.Comparator;
import java.util.List;

/**
 * How many bytes of each row are lost between columns, as each begins at a multiple of its
 * alignment (Postgres manual, section 66.6). Columns of variable length count as they do when they
 * are short: one byte for the length, no alignment.
 */
final class ColumnOrder {
  /**
   * A column's place in a row.
   *
   * @param length bytes; -1 for variable length
   * @param alignment 1, 2, 4 or 8
   */
  record Slot(int length, int alignment) {
    boolean fixed() {
      return length > 0;
    }
  }

  private ColumnOrder() {}

  /** Bytes that another order of the columns would save in each row. */
  static int wasted(List<Slot> columns) {
    List<Slot> best =
        columns.stream()
            .sorted(
                Comparator.comparing(Slot::fixed)
                    .thenComparing(Slot::alignment)
                    .thenComparing(Slot::length)
                    .reversed())
            .toList();
    return size(columns) - size(best);
  }

  private static int size(List<Slot> columns) {
    int size = 0;
    for (Slot column : columns) {
      if (column.fixed()) {
        int over = size % column.alignment();
        size += (over == 0 ? 0 : column.alignment() - over) + column.length();
      } else {
        size += 1;
      }
    }
    return size;
  }
}
