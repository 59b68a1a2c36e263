package dev.tidemark.pipeline.rollup;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.lake.Conflicts;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeTable;
import dev.tidemark.pipeline.sql.SqlResource;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.storage.StorageLevel;

/**
 * One month of a rollup, brought up to date by one MERGE (EX-14).
 *
 * <p>The commit carries a transaction version that grows with the version of the input and with
 * each renewed attempt at it, so that a run that has fallen behind can never overwrite a newer one:
 * Delta drops its MERGE.
 */
final class RollupUnit {
  /** Recomputations of one unit that one version of the input leaves room for. */
  private static final long ATTEMPTS = 1_000_000;

  private static final DateTimeFormatter SQL_TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final Lake lake;
  private final String table;
  private final SqlResource merge;
  private final String applicationId;
  private final LocalDate month;
  private final SortedSet<LocalDate> dates;
  private final String windows;

  /**
   * A unit.
   *
   * @param lake through a session that no other thread uses: a MERGE takes its transaction version
   *     from the session
   * @param table the rollup
   * @param merge its MERGE statement
   * @param floorId the application id of the rollup's floor; the unit's own begins with it
   * @param month first day of the unit's month
   * @param dates the dates to recompute; literals in the MERGE, by which Delta prunes and detects
   *     conflicts
   * @param windows SQL that names the windows to recompute within those dates
   */
  RollupUnit(
      Lake lake,
      String table,
      SqlResource merge,
      String floorId,
      LocalDate month,
      SortedSet<LocalDate> dates,
      String windows) {
    this.lake = lake;
    this.table = table;
    this.merge = merge;
    this.applicationId = floorId + ":" + YearMonth.from(month);
    this.month = month;
    this.dates = dates;
    this.windows = windows;
  }

  /**
   * What the windows hold.
   *
   * @param groups whole groups, shaped for the merge
   * @param counted the input once more with its {@code request_count}: the groups must add up to it
   *     (EX-17)
   */
  record Made(Dataset<Row> groups, Dataset<Row> counted) {}

  /** Rows that a MERGE changed. */
  record Changes(long inserted, long updated, long deleted) {
    static final Changes NONE = new Changes(0, 0, 0);

    Changes plus(Changes other) {
      return new Changes(
          inserted + other.inserted, updated + other.updated, deleted + other.deleted);
    }
  }

  /**
   * Recomputes the windows and merges the difference, unless that has been done for this version of
   * the input or a newer one.
   *
   * @param inputVersion version of the table from which is computed
   * @param again recompute although it has been done for this version
   * @param compute what the windows hold
   */
  Changes run(long inputVersion, boolean again, Instant now, Supplier<Made> compute) {
    long done = lake.table(table).transactionVersion(applicationId).orElse(-1);
    long first = Math.multiplyExact(inputVersion, ATTEMPTS);
    if (done >= first && !again) {
      return Changes.NONE;
    }
    long transactionVersion = Math.max(first, done + 1);
    return Conflicts.retry(
        table + " " + YearMonth.from(month), () -> attempt(transactionVersion, now, compute));
  }

  private Optional<Changes> attempt(long transactionVersion, Instant now, Supplier<Made> compute) {
    LakeTable target = lake.table(table);
    long before = target.version();
    Made made = compute.get();
    Dataset<Row> groups = made.groups().persist(StorageLevel.MEMORY_AND_DISK());
    try {
      long grouped = requests(groups);
      long read = requests(made.counted());
      if (grouped != read) {
        throw PipelineFailures.countsDiffer(table + " " + YearMonth.from(month), read, grouped);
      }
      groups.createOrReplaceTempView("made_groups");
      merge(transactionVersion, statement(target, now));
    } finally {
      groups.unpersist(true);
    }
    OptionalLong commit = target.commitOf(applicationId, transactionVersion, before);
    if (commit.isPresent()) {
      return Optional.of(
          new Changes(
              target.metric(commit.getAsLong(), "numTargetRowsInserted"),
              target.metric(commit.getAsLong(), "numTargetRowsUpdated"),
              target.metric(commit.getAsLong(), "numTargetRowsDeleted")));
    }
    boolean overtaken = target.transactionVersion(applicationId).orElse(-1) >= transactionVersion;
    return overtaken ? Optional.of(Changes.NONE) : Optional.empty();
  }

  private void merge(long transactionVersion, String statement) {
    RuntimeConfig settings = lake.spark().conf();
    settings.set("spark.databricks.delta.write.txnAppId", applicationId);
    settings.set("spark.databricks.delta.write.txnVersion", transactionVersion);
    try {
      lake.spark().sql(statement);
    } finally {
      settings.unset("spark.databricks.delta.write.txnAppId");
      settings.unset("spark.databricks.delta.write.txnVersion");
    }
  }

  private static long requests(Dataset<Row> rows) {
    return rows.agg(coalesce(sum("request_count"), lit(0L))).first().getLong(0);
  }

  private static String literals(SortedSet<LocalDate> dates) {
    return dates.stream().map(date -> "DATE'" + date + "'").collect(Collectors.joining(", "));
  }

  private String statement(LakeTable target, Instant now) {
    return merge
        .text()
        .replace("${target}", target.sqlName())
        .replace("${made}", "made_groups")
        .replace("${month}", month.toString())
        .replace("${dates}", literals(dates))
        .replace("${windows}", windows)
        .replace("${revised-at}", SQL_TIMESTAMP.format(now));
  }
}
