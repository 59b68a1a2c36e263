package dev.tidemark.pipeline.publication;

import static org.apache.spark.sql.functions.bit_xor;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeTable;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which dates of a rollup differ between two of its versions; of months, their first days.
 *
 * <p>The log says which partitions were touched. A partition of the daily rollup is a whole month,
 * so its rows are compared by date: rows that are alike in both versions cancel each other out in
 * the XOR of their hashes.
 */
final class ChangedWindows {
  private static final Logger LOG = LoggerFactory.getLogger(ChangedWindows.class);

  private final Grain grain;
  private final LakeTable rollup;

  ChangedWindows(Lake lake, Grain grain) {
    this.grain = grain;
    this.rollup = grain.rollup(lake);
  }

  /** By month, which its first day names. Where the log is gone, everything is returned. */
  SortedMap<LocalDate, SortedSet<LocalDate>> between(long from, long to) {
    try {
      SortedSet<LocalDate> partitions = rollup.touchedDates(grain.partition(), from, to);
      return byMonth(grain == Grain.DAY ? changedDates(partitions, from, to) : partitions);
    } catch (Exception e) { // Spark throws from Scala what it does not declare.
      LOG.warn(
          "What changed in {} from version {} to {} cannot be read ({}); everything is compared",
          rollup.name(),
          from,
          to,
          e.getMessage());
      return all(to);
    }
  }

  /** Every date that a version holds. */
  SortedMap<LocalDate, SortedSet<LocalDate>> all(long version) {
    return byMonth(dates(rollup.readVersion(version).select(grain.date()).distinct()));
  }

  private SortedSet<LocalDate> changedDates(SortedSet<LocalDate> months, long from, long to) {
    if (months.isEmpty()) {
      return months;
    }
    String touched =
        months.stream().map(m -> "DATE'" + m + "'").collect(Collectors.joining(", ", "(", ")"));
    String where = "usage_month IN " + touched;
    Dataset<Row> both =
        rollup
            .readVersion(from)
            .where(where)
            .unionByName(rollup.readVersion(to).where(where), true);
    List<Column> values = new ArrayList<>();
    for (String column : both.columns()) {
      // Spark's hash passes over nulls.
      values.add(col(column).isNull());
      values.add(col(column));
    }
    return dates(
        both.groupBy("usage_date")
            .agg(bit_xor(xxhash64(values.toArray(Column[]::new))).as("difference"))
            .where("difference <> 0")
            .select("usage_date"));
  }

  private static SortedSet<LocalDate> dates(Dataset<Row> rows) {
    SortedSet<LocalDate> dates = new TreeSet<>();
    for (Row row : rows.collectAsList()) {
      dates.add(row.getDate(0).toLocalDate());
    }
    return dates;
  }

  static SortedMap<LocalDate, SortedSet<LocalDate>> byMonth(SortedSet<LocalDate> dates) {
    SortedMap<LocalDate, SortedSet<LocalDate>> months = new TreeMap<>();
    for (LocalDate date : dates) {
      months.computeIfAbsent(date.withDayOfMonth(1), month -> new TreeSet<>()).add(date);
    }
    return months;
  }
}
