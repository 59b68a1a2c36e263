package dev.tidemark.pipeline.rollup;

import static org.apache.spark.sql.functions.col;

import dev.tidemark.pipeline.kernel.Dimensions;
import dev.tidemark.pipeline.kernel.EventAggregator;
import dev.tidemark.pipeline.kernel.SeriesHasher;
import dev.tidemark.pipeline.source.RawEvents;
import dev.tidemark.pipeline.window.Days;
import dev.tidemark.pipeline.window.Hours;
import dev.tidemark.pipeline.window.Micros;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Feeds what Spark reads to the kernel.
 *
 * <p>Where files lie by date and there are enough dates for all cores, each task reads whole dates
 * and its groups are whole. Else each task adds up what it reads into partial groups, which a
 * shuffle brings together and a second kernel merges into whole groups; since groups merge by
 * addition, neither the division into tasks nor their order matters, and a task whose table has
 * grown large may hand on what it has and begin anew.
 */
final class Grouping {
  /** Size of a task's table at which it hands on partial groups. */
  private static final long MOST_TABLE_BYTES = 256L << 20;

  /**
   * Compressed bytes of a date that one task adds up alone; its groups take up to four times it.
   */
  private static final long MOST_DATE_BYTES = 256L << 20;

  /** Compressed bytes that are not worth a second task. */
  private static final long FEW_BYTES = 16L << 20;

  /** What the kernel needs of an event, the dimensions last. */
  static final List<String> EVENT_COLUMNS =
      Stream.concat(
              Stream.of(
                  "occurred_at",
                  "series_id_high",
                  "series_id_low",
                  "status",
                  "input_tokens",
                  "cached_input_tokens",
                  "output_tokens",
                  "cost_nano_usd",
                  "latency_ms"),
              RawEvents.DIMENSIONS.stream())
          .toList();

  static final int FIRST_DIMENSION = EVENT_COLUMNS.size() - Dimensions.COUNT;

  private static final UTF8String SUCCESS = UTF8String.fromString("success");

  private Grouping() {}

  /**
   * Whole groups of hour and series from rows of the landed table.
   *
   * @param events of these hours, perhaps together with others
   */
  static Dataset<Row> hoursOf(Dataset<Row> events, SortedSet<Instant> hours) {
    return hoursOf(events, hours, MOST_DATE_BYTES, FEW_BYTES);
  }

  /**
   * The same.
   *
   * @param mostBytes compressed bytes of a date that one task may add up alone
   * @param fewBytes compressed bytes that are not worth a second task
   */
  static Dataset<Row> hoursOf(
      Dataset<Row> events, SortedSet<Instant> hours, long mostBytes, long fewBytes) {
    Dataset<Row> rows = select(events, EVENT_COLUMNS.stream());
    return scanned(rows, hours, mostBytes, fewBytes)
        .orElseGet(() -> whole(partial(rows, () -> Grouping::addEvent)));
  }

  /** The same without latencies, for those who measure what these cost. */
  static Dataset<Row> sumsOf(Dataset<Row> events, SortedSet<Instant> hours) {
    Stream<String> columns = EVENT_COLUMNS.stream().filter(name -> !name.equals("latency_ms"));
    return scanned(select(events, columns), hours, MOST_DATE_BYTES, FEW_BYTES).orElseThrow();
  }

  private static Dataset<Row> select(Dataset<Row> events, Stream<String> columns) {
    return events.select(columns.map(functions::col).toArray(Column[]::new));
  }

  private static Optional<Dataset<Row>> scanned(
      Dataset<Row> rows, SortedSet<Instant> hours, long mostBytes, long fewBytes) {
    long[] wanted = hours.stream().mapToLong(Micros::of).toArray();
    return ColumnScan.of(rows, "occurred_at")
        .map(
            scan -> {
              int[] positions = scan.positions(EVENT_COLUMNS);
              AdderFactory<ColumnarBatch> adder = () -> new EventColumns(positions, wanted);
              return scan.byDate(mostBytes, fewBytes)
                  .map(dates -> groups(rows, dates, adder, Long.MAX_VALUE))
                  .orElseGet(() -> whole(groups(rows, scan.batches(), adder, MOST_TABLE_BYTES)));
            });
  }

  /**
   * Whole groups of hour and series straight from deliveries as senders write them, by date: each
   * event is counted once (EX-8). Deliveries of one event must be alike, since any of them counts.
   *
   * @param deliveries columns of an event, of files that lie by the date of {@code occurred_at}
   * @param key the lake's identity key
   * @return empty where files do not lie so, or a date is too large for a task
   */
  static Optional<Dataset<Row>> hoursOfDeliveries(Dataset<Row> deliveries, byte[] key) {
    Dataset<Row> rows = select(deliveries, DeliveryColumns.COLUMNS.stream());
    byte[] identityKey = key.clone();
    return ColumnScan.of(rows, "occurred_at")
        .flatMap(
            scan -> {
              int[] positions = scan.positions(DeliveryColumns.COLUMNS);
              return scan.byDate(MOST_DATE_BYTES, Long.MAX_VALUE)
                  .map(
                      dates ->
                          groups(
                              rows,
                              dates,
                              () -> new DeliveryColumns(identityKey, positions),
                              Long.MAX_VALUE));
            });
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
    AdderFactory<InternalRow> adder =
        () -> {
          SeriesHasher hasher = new SeriesHasher(seriesKey);
          return (row, groups, dimensions) -> addHour(row, groups, dimensions, hasher);
        };
    return whole(partial(hours.select(columns.toArray(Column[]::new)), adder));
  }

  private static Dataset<Row> whole(Dataset<Row> partial) {
    Dataset<Row> together =
        partial.repartition(col("window_start"), col("series_id_high"), col("series_id_low"));
    return groups(together, internalRows(together), () -> GroupRows::add, Long.MAX_VALUE);
  }

  private static Dataset<Row> partial(Dataset<Row> rows, AdderFactory<InternalRow> adder) {
    return groups(rows, internalRows(rows), adder, MOST_TABLE_BYTES);
  }

  /**
   * The groups of each task.
   *
   * @param rows of whose session they are
   * @param mostBytes size of a task's table at which it hands on what it has
   */
  private static <T> Dataset<Row> groups(
      Dataset<Row> rows, JavaRDD<T> input, AdderFactory<T> adder, long mostBytes) {
    JavaRDD<InternalRow> groups =
        input.mapPartitions(task -> new Groups<>(task, adder.create(), mostBytes));
    return ((org.apache.spark.sql.classic.SparkSession) rows.sparkSession())
        .internalCreateDataFrame(groups.rdd(), GroupRows.SCHEMA, false);
  }

  private static JavaRDD<InternalRow> internalRows(Dataset<Row> rows) {
    return ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution().toRdd().toJavaRDD();
  }

  /**
   * Adds rows to the groups that they belong to.
   *
   * @param <T> a row, or a batch of them
   */
  @FunctionalInterface
  interface Adder<T> {
    void add(T rows, EventAggregator groups, Dimensions dimensions);
  }

  /** Makes the adder of one task. */
  @FunctionalInterface
  private interface AdderFactory<T> extends Serializable {
    Adder<T> create();
  }

  private static void addEvent(InternalRow row, EventAggregator groups, Dimensions dimensions) {
    long occurredAt = row.getLong(0);
    int slot = groups.slot(Hours.startOf(occurredAt), row.getLong(1), row.getLong(2));
    if (groups.lacksDimensions(slot)) {
      GroupRows.readDimensions(row, FIRST_DIMENSION, dimensions);
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
  private static final class Groups<T> implements Iterator<InternalRow> {
    private final Iterator<T> rows;
    private final Adder<T> adder;
    private final long mostBytes;
    private EventAggregator groups = new EventAggregator();
    private final Dimensions dimensions = new Dimensions();
    private int next;

    Groups(Iterator<T> rows, Adder<T> adder, long mostBytes) {
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
