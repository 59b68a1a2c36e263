package dev.tidemark.pipeline.rollup;

import dev.tidemark.pipeline.kernel.DeliverySet;
import dev.tidemark.pipeline.kernel.Dimensions;
import dev.tidemark.pipeline.kernel.EventAggregator;
import dev.tidemark.pipeline.kernel.EventIdReader;
import dev.tidemark.pipeline.window.Hours;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Adds the first delivery of each event to the kernel's groups; one for each task, which is given
 * all deliveries of its events.
 */
final class DeliveryColumns implements Grouping.Adder<ColumnarBatch> {
  static final List<String> COLUMNS =
      Stream.concat(
              Stream.of("event_id"),
              Grouping.EVENT_COLUMNS.stream().filter(name -> !name.startsWith("series_id")))
          .toList();

  private static final int FIRST_DIMENSION = COLUMNS.size() - Dimensions.COUNT;
  private static final int FIRST_NULLABLE = COLUMNS.indexOf("latency_ms");

  private final int[] positions;
  private final EventIdReader ids;
  private final SeriesColumns series;
  private final DeliverySet seen = new DeliverySet();
  private final StatusColumn errors = new StatusColumn();

  /**
   * @param key the lake's identity key
   * @param positions of {@link #COLUMNS} in a batch
   */
  DeliveryColumns(byte[] key, int[] positions) {
    this.positions = positions;
    this.ids = new EventIdReader(key);
    this.series =
        new SeriesColumns(
            key,
            Arrays.copyOfRange(positions, FIRST_DIMENSION, FIRST_DIMENSION + Dimensions.COUNT));
  }

  @Override
  public void add(ColumnarBatch batch, EventAggregator groups, Dimensions dimensions) {
    for (int column = 0; column < FIRST_NULLABLE; column++) {
      if (batch.column(positions[column]).hasNull()) {
        throw new IllegalArgumentException("a delivery has no " + COLUMNS.get(column));
      }
    }
    ColumnVector eventIds = batch.column(positions[0]);
    ColumnVector occurredAts = batch.column(positions[1]);
    ColumnVector inputTokens = batch.column(positions[3]);
    ColumnVector cachedInputTokens = batch.column(positions[4]);
    ColumnVector outputTokens = batch.column(positions[5]);
    ColumnVector costs = batch.column(positions[6]);
    ColumnVector latencies = batch.column(positions[7]);
    errors.open(batch.column(positions[2]));
    series.open(batch);
    int rows = batch.numRows();
    for (int row = 0; row < rows; row++) {
      long occurredAt = occurredAts.getLong(row);
      long hour = Hours.startOf(occurredAt);
      UTF8String id = eventIds.getUTF8String(row);
      byte[] bytes = id.getBytes();
      ids.read(bytes, 0, bytes.length);
      if (!seen.add(hour, ids.high(), ids.low(), occurredAt)) {
        continue;
      }
      int place = series.find(row);
      int slot = groups.slot(hour, series.high(place), series.low(place));
      if (groups.lacksDimensions(slot)) {
        groups.setDimensions(slot, series.read(row));
      }
      groups.addEvent(
          slot,
          errors.isError(row),
          inputTokens.getLong(row),
          cachedInputTokens.getLong(row),
          outputTokens.getLong(row),
          costs.getLong(row),
          occurredAt);
      if (!latencies.isNullAt(row)) {
        groups.addLatency(slot, latencies.getLong(row));
      }
    }
  }
}
