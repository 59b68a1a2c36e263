package dev.tidemark.pipeline.rollup;

import static org.apache.spark.sql.types.DataTypes.BinaryType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import dev.tidemark.pipeline.kernel.Dimensions;
import dev.tidemark.pipeline.kernel.EventAggregator;
import dev.tidemark.pipeline.source.RawEvents;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** The kernel's groups as Spark's rows, and back. */
final class GroupRows {
  /** Start of the window in UTC microseconds, series id, dimensions, measures. */
  static final StructType SCHEMA = schema();

  private static final int FIRST_DIMENSION = 3;
  private static final int FIRST_MEASURE = FIRST_DIMENSION + Dimensions.COUNT;

  private GroupRows() {}

  private static StructType schema() {
    StructType schema =
        new StructType()
            .add("window_start", TimestampType, false)
            .add("series_id_high", LongType, false)
            .add("series_id_low", LongType, false);
    for (String dimension : RawEvents.DIMENSIONS) {
      schema = schema.add(dimension, StringType);
    }
    return schema
        .add("request_count", LongType, false)
        .add("error_count", LongType, false)
        .add("input_tokens", LongType, false)
        .add("cached_input_tokens", LongType, false)
        .add("output_tokens", LongType, false)
        .add("cost_nano_usd", LongType, false)
        .add("latency_ms_sum", LongType)
        .add("latency_ms_min", LongType)
        .add("latency_ms_max", LongType)
        .add("latency_histogram", BinaryType)
        .add("first_event_at", TimestampType, false)
        .add("last_event_at", TimestampType, false);
  }

  /** A group as a row; its strings stay in the aggregator's memory until that is cleared. */
  static InternalRow row(EventAggregator groups, int slot, Dimensions dimensions) {
    Object[] values = new Object[SCHEMA.length()];
    values[0] = groups.windowStart(slot);
    values[1] = groups.seriesHigh(slot);
    values[2] = groups.seriesLow(slot);
    groups.dimensions(slot, dimensions);
    for (int d = 0; d < Dimensions.COUNT; d++) {
      values[FIRST_DIMENSION + d] =
          dimensions.isNull(d)
              ? null
              : UTF8String.fromBytes(
                  dimensions.bytes(d), dimensions.offset(d), dimensions.length(d));
    }
    int column = FIRST_MEASURE;
    values[column++] = groups.requestCount(slot);
    values[column++] = groups.errorCount(slot);
    values[column++] = groups.inputTokens(slot);
    values[column++] = groups.cachedInputTokens(slot);
    values[column++] = groups.outputTokens(slot);
    values[column++] = groups.costNanoUsd(slot);
    boolean timed = groups.hasLatency(slot);
    values[column++] = timed ? groups.latencySum(slot) : null;
    values[column++] = timed ? (long) groups.latencyMin(slot) : null;
    values[column++] = timed ? (long) groups.latencyMax(slot) : null;
    values[column++] = timed ? groups.latencyHistogram(slot) : null;
    values[column++] = groups.firstEventAt(slot);
    values[column] = groups.lastEventAt(slot);
    return new GenericInternalRow(values);
  }

  /** Adds a row of {@link #SCHEMA} to the group that it is a part of. */
  static void add(InternalRow row, EventAggregator groups, Dimensions dimensions) {
    int slot = groups.slot(row.getLong(0), row.getLong(1), row.getLong(2));
    if (groups.lacksDimensions(slot)) {
      readDimensions(row, FIRST_DIMENSION, dimensions);
      groups.setDimensions(slot, dimensions);
    }
    addMeasures(row, FIRST_MEASURE, groups, slot);
  }

  /** Adds the measures that begin at a column, in the order of {@link #SCHEMA}, to a group. */
  static void addMeasures(InternalRow row, int first, EventAggregator groups, int slot) {
    groups.addEvents(
        slot,
        row.getLong(first),
        row.getLong(first + 1),
        row.getLong(first + 2),
        row.getLong(first + 3),
        row.getLong(first + 4),
        row.getLong(first + 5),
        row.getLong(first + 10),
        row.getLong(first + 11));
    if (!row.isNullAt(first + 9)) {
      groups.addLatencies(
          slot,
          row.getLong(first + 6),
          row.getLong(first + 7),
          row.getLong(first + 8),
          row.getBinary(first + 9));
    }
  }

  /** Reads the seven dimensions that begin at a column. */
  static void readDimensions(InternalRow row, int first, Dimensions into) {
    for (int d = 0; d < Dimensions.COUNT; d++) {
      if (row.isNullAt(first + d)) {
        into.setNull(d);
      } else {
        byte[] bytes = row.getUTF8String(first + d).getBytes();
        into.set(d, bytes, 0, bytes.length);
      }
    }
  }
}
