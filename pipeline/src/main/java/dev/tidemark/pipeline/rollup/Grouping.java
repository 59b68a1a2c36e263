package dev.tidemark.pipeline.rollup;

import static org.apache.spark.sql.functions.col;

import dev.tidemark.pipeline.kernel.Dimensions;
import dev.tidemark.pipeline.kernel.EventAggregator;
import dev.tidemark.pipeline.kernel.SeriesHasher;
import dev.tidemark.pipeline.source.RawEvents;
import dev.tidemark.pipeline.window.Days;
import dev.tidemark.pipeline.window.Hours;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Feeds Spark's rows to the kernel. Each task adds up what it reads into partial groups, which a
 * shuffle brings together and a second kernel merges into whole groups; since groups merge by
 * addition, neither the division into tasks nor their order matters, and a task whose table has
 * grown large may hand on what it has and begin anew.
 */
final class Grouping {
  /** Size of a task's table at which it hands on partial groups. */
  private static final long MOST_TABLE_BYTES = 256L << 20;

  private static final UTF8String SUCCESS = UTF8String.fromString("success");

  private Grouping() {}

  /** Whole groups of hour and series from rows of the landed table. */
  static Dataset<Row> hoursOf(Dataset<Row> events) {
    List<Column> columns = new ArrayList<>();
    Stream.of(
            "occurred_at",
            "series_id_high",
            "series_id_low",
            "status",
            "input_tokens",
            "cached_input_tokens",
            "output_tokens",
            "cost_nano_usd",
            "latency_ms")
        .map(functions::col)
        .forEach(columns::add);
    RawEvents.DIMENSIONS.stream().map(functions::col).forEach(columns::add);
    return whole(partial(events.select(columns.toArray(Column[]::new)), Grouping::addEvent));
  }

  /**
   * Whole groups of day and series from rows of the hourly rollup.
   *
   * @param key the lake's identity key
   */
  static Dataset<Row> daysOf(Dataset<Row> hours, byte[] key) {
    List<Column> columns = new ArrayList<>();
    columns.add(col("hour_start"));
    StructType schema = GroupRows.SCHEMA;
    for (int column = 3; column < schema.length(); column++) {
      columns.add(col(schema.fieldNames()[column]));
    }
    byte[] seriesKey = key.clone();
    RowAdderFactory adder =
        () -> {
          SeriesHasher hasher = new SeriesHasher(seriesKey);
          return (row, groups, dimensions) -> addHour(row, groups, dimensions, hasher);
        };
    return whole(partial(hours.select(columns.toArray(Column[]::new)), adder));
  }

  private static Dataset<Row> whole(Dataset<Row> partial) {
    return partial(
        partial.repartition(col("window_start"), col("series_id_high"), col("series_id_low")),
        () -> GroupRows::add,
        Long.MAX_VALUE);
  }

  private static Dataset<Row> partial(Dataset<Row> rows, RowAdder adder) {
    return partial(rows, () -> adder);
  }

  private static Dataset<Row> partial(Dataset<Row> rows, RowAdderFactory adder) {
    return partial(rows, adder, MOST_TABLE_BYTES);
  }

  private static Dataset<Row> partial(Dataset<Row> rows, RowAdderFactory adder, long mostBytes) {
    JavaRDD<InternalRow> groups =
        internalRows(rows).mapPartitions(task -> new Groups(task, adder.create(), mostBytes));
    return ((org.apache.spark.sql.classic.SparkSession) rows.sparkSession())
        .internalCreateDataFrame(groups.rdd(), GroupRows.SCHEMA, false);
  }

  private static JavaRDD<InternalRow> internalRows(Dataset<Row> rows) {
    return ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution().toRdd().toJavaRDD();
  }

  /** Adds a row to the group that it belongs to. */
  @FunctionalInterface
  private interface RowAdder extends Serializable {
    void add(InternalRow row, EventAggregator groups, Dimensions dimensions);
  }

  /** Makes the adder of one task. */
  @FunctionalInterface
  private interface RowAdderFactory extends Serializable {
    RowAdder create();
  }

  private static void addEvent(InternalRow row, EventAggregator groups, Dimensions dimensions) {
    long occurredAt = row.getLong(0);
    int slot = groups.slot(Hours.startOf(occurredAt), row.getLong(1), row.getLong(2));
    if (groups.lacksDimensions(slot)) {
      GroupRows.readDimensions(row, 9, dimensions);
      groups.setDimensions(slot, dimensions);
    }
    groups.addEvent(
        slot,
        !row.getUTF8String(3).equals(SUCCESS),
        row.getLong(4),
        row.getLong(5),
        row.getLong(6),
        row.getLong(7),
        occurredAt);
    if (!row.isNullAt(8)) {
      groups.addLatency(slot, row.getLong(8));
    }
  }

  private static void addHour(
      InternalRow row, EventAggregator groups, Dimensions dimensions, SeriesHasher hasher) {
    GroupRows.readDimensions(row, 1, dimensions);
    hasher.hash(dimensions);
    long day = Days.startOf(Days.of(row.getLong(0)));
    int slot = groups.slot(day, hasher.high(), hasher.low());
    if (groups.lacksDimensions(slot)) {
      groups.setDimensions(slot, dimensions);
    }
    GroupRows.addMeasures(row, 1 + Dimensions.COUNT, groups, slot);
  }

  /** The groups of a task's rows; read once, in one pass. */
  private static final class Groups implements Iterator<InternalRow> {
    private final Iterator<InternalRow> rows;
    private final RowAdder adder;
    private final long mostBytes;
    private EventAggregator groups = new EventAggregator();
    private final Dimensions dimensions = new Dimensions();
    private int next;

    Groups(Iterator<InternalRow> rows, RowAdder adder, long mostBytes) {
      this.rows = rows;
      this.adder = adder;
      this.mostBytes = mostBytes;
    }

    @Override
    public boolean hasNext() {
      if (next < groups.groupCount()) {
        return true;
      }
      if (!rows.hasNext()) {
        return false;
      }
      groups = new EventAggregator();
      next = 0;
      do {
        adder.add(rows.next(), groups, dimensions);
      } while (rows.hasNext() && groups.estimatedBytes() < mostBytes);
      return true;
    }

    @Override
    public InternalRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return GroupRows.row(groups, next++, dimensions);
    }
  }
}
