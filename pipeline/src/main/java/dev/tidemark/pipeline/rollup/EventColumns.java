package dev.tidemark.pipeline.rollup;

import dev.tidemark.pipeline.kernel.Dimensions;
import dev.tidemark.pipeline.kernel.EventAggregator;
import dev.tidemark.pipeline.window.Hours;
import java.util.Arrays;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** Adds batches of landed events to the kernel's groups; one for each task. */
final class EventColumns implements Grouping.Adder<ColumnarBatch> {
  private final int[] positions;
  private final long[] hours;
  private final StatusColumn errors = new StatusColumn();
  private long lastHour = Long.MIN_VALUE;
  private boolean lastWanted;

  /**
   * @param positions of {@link Grouping#EVENT_COLUMNS} in a batch; negative for latencies that are
   *     not to be counted
   * @param hours starts of the hours wanted, ascending
   */
  EventColumns(int[] positions, long[] hours) {
    this.positions = positions;
    this.hours = hours;
  }

  @Override
  public void add(ColumnarBatch batch, EventAggregator groups, Dimensions dimensions) {
    ColumnVector occurredAts = batch.column(positions[0]);
    ColumnVector highs = batch.column(positions[1]);
    ColumnVector lows = batch.column(positions[2]);
    ColumnVector inputTokens = batch.column(positions[4]);
    ColumnVector cachedInputTokens = batch.column(positions[5]);
    ColumnVector outputTokens = batch.column(positions[6]);
    ColumnVector costs = batch.column(positions[7]);
    ColumnVector latencies = positions[8] < 0 ? null : batch.column(positions[8]);
    errors.open(batch.column(positions[3]));
    int rows = batch.numRows();
    for (int row = 0; row < rows; row++) {
      long occurredAt = occurredAts.getLong(row);
      long hour = Hours.startOf(occurredAt);
      if (!isWanted(hour)) {
        continue;
      }
      int slot = groups.slot(hour, highs.getLong(row), lows.getLong(row));
      if (groups.lacksDimensions(slot)) {
        read(batch, row, dimensions);
        groups.setDimensions(slot, dimensions);
      }
      groups.addEvent(
          slot,
          errors.isError(row),
          inputTokens.getLong(row),
          cachedInputTokens.getLong(row),
          outputTokens.getLong(row),
          costs.getLong(row),
          occurredAt);
      if (latencies != null && !latencies.isNullAt(row)) {
        groups.addLatency(slot, latencies.getLong(row));
      }
    }
  }

  private boolean isWanted(long hour) {
    if (hour != lastHour) {
      lastHour = hour;
      lastWanted = Arrays.binarySearch(hours, hour) >= 0;
    }
    return lastWanted;
  }

  private void read(ColumnarBatch batch, int row, Dimensions into) {
    for (int dimension = 0; dimension < Dimensions.COUNT; dimension++) {
      ColumnVector column = batch.column(positions[Grouping.FIRST_DIMENSION + dimension]);
      if (column.isNullAt(row)) {
        into.setNull(dimension);
      } else {
        byte[] bytes = column.getUTF8String(row).getBytes();
        into.set(dimension, bytes, 0, bytes.length);
      }
    }
  }
}
