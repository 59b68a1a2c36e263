package dev.tidemark.pipeline.rollup;

import static org.apache.spark.sql.functions.col;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeHistory;
import dev.tidemark.pipeline.lake.UtcColumns;
import dev.tidemark.pipeline.quality.HourJudge;
import dev.tidemark.pipeline.sql.SqlResource;
import dev.tidemark.pipeline.window.TimeRange;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@code usage_daily} equal to {@code usage_hourly}: days are added up from hours, never from
 * events. Which dates to recompute is read from the log of the hourly table.
 */
final class DailyRollup {
  private static final Logger LOG = LoggerFactory.getLogger(DailyRollup.class);
  private static final RollupUnit.Kind KIND =
      new RollupUnit.Kind(
          "usage_daily",
          "day",
          SqlResource.of(DailyRollup.class, "daily-merge.sql"),
          UtcColumns.dayStart(col("usage_date")),
          "usage_month");

  private final Lake lake;
  private final String floorId;

  DailyRollup(Lake lake) {
    this(lake, LakeHistory.read(lake));
  }

  /** See {@link HourlyRollup#HourlyRollup(Lake, LakeHistory)}. */
  DailyRollup(Lake lake, LakeHistory history) {
    this.lake = lake;
    this.floorId = history.dailyFloorId();
  }

  /** Version of the hourly table up to which the rollup is done; -1 for none. */
  long floor() {
    return lake.usageDaily().transactionVersion(floorId).orElse(-1);
  }

  /** The dates of a range for which either rollup has rows. */
  SortedSet<LocalDate> within(TimeRange range) {
    SortedSet<LocalDate> dates = new TreeSet<>();
    lake.usageDaily()
        .read()
        .where(UtcColumns.isOn(col("usage_date"), range))
        .select("usage_date")
        .union(
            lake.usageHourly()
                .read()
                .where(UtcColumns.isOn(col("usage_date"), range))
                .select("usage_date"))
        .distinct()
        .collectAsList()
        .forEach(row -> dates.add(row.getDate(0).toLocalDate()));
    return dates;
  }

  /** Dates that were not computed with a definition, though no hour changed. */
  SortedSet<LocalDate> stale(RollupDefinition definition) {
    SortedSet<LocalDate> dates = new TreeSet<>();
    new WindowRevisions(lake)
        .stale(
            lake.usageDaily(),
            KIND.grain(),
            "timestamp_micros(datediff(usage_date, DATE'1970-01-01') * 86400000000L)",
            definition.version())
        .forEach(day -> dates.add(LocalDate.ofInstant(day, ZoneOffset.UTC)));
    return dates;
  }

  /** Recomputes dates of one month; see {@link HourlyRollup#recompute}. */
  RollupUnit.Changes recompute(
      LocalDate month, SortedSet<LocalDate> dates, long version, boolean again, Stamp stamp) {
    SortedSet<Instant> days = new TreeSet<>();
    dates.forEach(date -> days.add(date.atStartOfDay(ZoneOffset.UTC).toInstant()));
    String partition = "usage_month = DATE'" + month + "'";
    RollupUnit unit =
        new RollupUnit(lake, KIND, floorId, month, dates, days, partition, HourJudge.NONE);
    return unit.run(version, again, stamp, () -> made(dates, version));
  }

  /** When the first commit was made that waits for this rollup; empty where nobody knows. */
  Optional<Instant> waitingSince(long version) {
    long floor = floor();
    return floor < 0 || floor >= version
        ? Optional.empty()
        : lake.usageHourly().committedAt(floor + 1);
  }

  /** Marks a version of the hourly table as done; see {@link HourlyRollup#moveFloor}. */
  void moveFloor(long version) {
    lake.usageDaily().mark(floorId, version);
  }

  /** The dates to recompute for a version of the hourly table. */
  SortedSet<LocalDate> affected(long version) {
    long floor = floor();
    if (floor >= version) {
      return new TreeSet<>();
    }
    if (floor < 0) {
      return all(version);
    }
    try {
      return lake.usageHourly().touchedDates("usage_date", floor, version);
    } catch (RuntimeException e) {
      LOG.warn(
          "The log of usage_hourly from version {} to {} cannot be read ({}); every date is"
              + " compared",
          floor + 1,
          version,
          e.getMessage());
      return all(version);
    }
  }

  /** All dates with hours, and all dates that the rollup holds. */
  private SortedSet<LocalDate> all(long version) {
    SortedSet<LocalDate> dates = new TreeSet<>();
    Dataset<Row> held = lake.usageHourly().readVersion(version).select("usage_date");
    for (Row row :
        held.union(lake.usageDaily().read().select("usage_date")).distinct().collectAsList()) {
      dates.add(row.getDate(0).toLocalDate());
    }
    return dates;
  }

  private RollupUnit.Made made(SortedSet<LocalDate> dates, long version) {
    byte[] key = HexFormat.of().parseHex(lake.usageEvents().property("tidemark.identity-key"));
    Dataset<Row> hours =
        lake.usageHourly().readVersion(version).where(col("usage_date").isin(dates.toArray()));
    return new RollupUnit.Made(
        Grouping.daysOf(hours, key).withColumn("usage_date", UtcColumns.date(col("window_start"))),
        () -> WindowTotals.ofGroups(hours, KIND.window()),
        lake.usageHourly().id());
  }
}
