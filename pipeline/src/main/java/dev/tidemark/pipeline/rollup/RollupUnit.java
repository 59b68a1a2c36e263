package dev.tidemark.pipeline.rollup;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.lake.Conflicts;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeTable;
import dev.tidemark.pipeline.observation.Figure;
import dev.tidemark.pipeline.observation.Ongoing;
import dev.tidemark.pipeline.observation.Work;
import dev.tidemark.pipeline.quality.HourJudge;
import dev.tidemark.pipeline.quality.Judgement;
import dev.tidemark.pipeline.quality.QualityResults;
import dev.tidemark.pipeline.quality.Verdict;
import dev.tidemark.pipeline.sql.SqlResource;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/**
 * One month of a rollup, brought up to date by one MERGE (EX-14), or by one append where the rollup
 * holds nothing that could differ.
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
  private final Kind kind;
  private final String applicationId;
  private final LocalDate month;
  private final SortedSet<LocalDate> dates;
  private final SortedSet<Instant> starts;
  private final String windows;
  private final WindowRevisions revisions;
  private final HourJudge judge;

  /**
   * One of the two rollups.
   *
   * @param table its name
   * @param grain of its windows, as {@code window_revisions} has it
   * @param merge its MERGE statement
   * @param window the start of a row's window
   * @param partition the column by which the table lies
   */
  record Kind(String table, String grain, SqlResource merge, Column window, String partition) {}

  /**
   * A unit.
   *
   * @param lake through a session that no other thread uses: a MERGE takes its transaction version
   *     from the session
   * @param kind the rollup
   * @param floorId the application id of the rollup's floor; the unit's own begins with it
   * @param month first day of the unit's month
   * @param dates the dates to recompute; literals in the MERGE, by which Delta prunes and detects
   *     conflicts
   * @param starts the windows to recompute within those dates
   * @param windows SQL that names these, or more
   * @param judge holds windows back: they stay in the rollup as they were
   */
  RollupUnit(
      Lake lake,
      Kind kind,
      String floorId,
      LocalDate month,
      SortedSet<LocalDate> dates,
      SortedSet<Instant> starts,
      String windows,
      HourJudge judge) {
    this.lake = lake;
    this.judge = judge;
    this.kind = kind;
    this.applicationId = floorId + ":" + YearMonth.from(month);
    this.month = month;
    this.dates = dates;
    this.starts = starts;
    this.windows = windows;
    this.revisions = new WindowRevisions(lake);
  }

  /**
   * What the windows hold.
   *
   * @param groups whole groups, shaped for the merge
   * @param input sums up the input once more by plain SQL: the groups must add up to it (EX-17)
   * @param inputId identity of the table that was read
   */
  record Made(
      Dataset<Row> groups, Supplier<SortedMap<Instant, WindowTotals>> input, String inputId) {}

  /**
   * What a MERGE changed.
   *
   * @param inserted rows
   * @param updated rows
   * @param deleted rows
   * @param differences where the rollup, read again, is not what the input adds up to
   * @param failed broken quality rules
   * @param overtaken whether a run of a newer version of the input was faster, so that windows in
   *     which nothing arrived were left as they are
   */
  record Changes(
      long inserted,
      long updated,
      long deleted,
      List<WindowDifference> differences,
      List<Verdict> failed,
      boolean overtaken) {
    static final Changes NONE = new Changes(0, 0, 0, List.of(), List.of(), false);
    static final Changes OVERTAKEN = new Changes(0, 0, 0, List.of(), List.of(), true);

    Changes {
      differences = List.copyOf(differences);
      failed = List.copyOf(failed);
    }

    Changes plus(Changes other) {
      List<WindowDifference> both = new ArrayList<>(differences);
      both.addAll(other.differences);
      List<Verdict> allFailed = new ArrayList<>(failed);
      allFailed.addAll(other.failed);
      return new Changes(
          inserted + other.inserted,
          updated + other.updated,
          deleted + other.deleted,
          both,
          allFailed,
          overtaken || other.overtaken);
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
  Changes run(long inputVersion, boolean again, Stamp stamp, Supplier<Made> compute) {
    return lake.watch()
        .during(
            Work.Kind.UNIT,
            kind.table(),
            YearMonth.from(month).toString(),
            unit -> run(inputVersion, again, stamp, compute, unit));
  }

  private Changes run(
      long inputVersion, boolean again, Stamp stamp, Supplier<Made> compute, Ongoing unit) {
    long done = lake.table(kind.table()).transactionVersion(applicationId).orElse(-1);
    long first = Math.multiplyExact(inputVersion, ATTEMPTS);
    if (done >= first + ATTEMPTS) {
      unit.nothing();
      return Changes.OVERTAKEN;
    }
    // A run that was killed between its MERGE and its revisions did not say what it held back: the
    // unit is done again.
    if (done >= first && !again && revisions.done(applicationId) >= done) {
      unit.nothing();
      return Changes.NONE;
    }
    long transactionVersion = Math.max(first, done + 1);
    Changes changes =
        Conflicts.retry(
            kind.table() + " " + YearMonth.from(month),
            unit,
            () -> attempt(transactionVersion, stamp, compute, unit));
    unit.add(Figure.WINDOWS, starts.size());
    stamp
        .waitingSince()
        .ifPresent(
            since ->
                unit.add(
                    Figure.LAG_MS,
                    Math.max(0, Duration.between(since, lake.clock().instant()).toMillis())));
    return changes;
  }

  private Optional<Changes> attempt(
      long transactionVersion, Stamp stamp, Supplier<Made> compute, Ongoing unit) {
    LakeTable target = lake.table(kind.table());
    Made made = compute.get();
    SortedMap<Instant, WindowTotals> input = made.input().get();
    Judgement judgement = judge.judge(lake, WindowTotals.judged(input));
    Optional<Merged> merged =
        unit.during(
            Work.Kind.MERGE,
            kind.table(),
            YearMonth.from(month).toString(),
            merge ->
                write(transactionVersion, target, made.groups(), input, stamp, judgement, merge));
    if (merged.isPresent()) {
      long requests = input.values().stream().mapToLong(totals -> totals.measures().get(0)).sum();
      unit.add(Figure.REQUESTS, requests);
      List<WindowDifference> differences =
          noted(input, merged.get().held(), made.inputId(), transactionVersion, stamp, judgement);
      return Optional.of(merged.get().changes(judgement.failed(), differences));
    }
    boolean overtaken = target.transactionVersion(applicationId).orElse(-1) >= transactionVersion;
    return overtaken ? Optional.of(Changes.OVERTAKEN) : Optional.empty();
  }

  private Dataset<Row> published(Dataset<Row> groups, Judgement judgement) {
    SortedSet<Instant> held = new TreeSet<>(judgement.held().keySet());
    return held.isEmpty()
        ? groups
        : groups.where(not(kind.window().isin(held.stream().map(Timestamp::from).toArray())));
  }

  /**
   * The commit of a unit.
   *
   * @param figures what Delta says of it
   * @param held what the windows hold with it
   */
  private record Merged(Map<Figure, Long> figures, SortedMap<Instant, WindowTotals> held) {
    Changes changes(List<Verdict> failed, List<WindowDifference> differences) {
      return new Changes(
          figures.getOrDefault(Figure.ROWS_INSERTED, 0L),
          figures.getOrDefault(Figure.ROWS_UPDATED, 0L),
          figures.getOrDefault(Figure.ROWS_DELETED, 0L),
          differences,
          failed,
          false);
    }
  }

  /** Empty where Delta has dropped the commit, since another run has done this or more. */
  private Optional<Merged> write(
      long transactionVersion,
      LakeTable target,
      Dataset<Row> groups,
      SortedMap<Instant, WindowTotals> input,
      Stamp stamp,
      Judgement judgement,
      Ongoing merge) {
    long before = target.version();
    List<SortedMap<Instant, WindowTotals>> written = new ArrayList<>();
    boolean filled =
        target.fill(
            rows(target, published(groups, judgement), stamp.at()),
            partitions(),
            applicationId,
            transactionVersion,
            rows -> {
              SortedMap<Instant, WindowTotals> totals = WindowTotals.ofRollup(rows, kind.window());
              stopWhere(differences(input, totals, judgement));
              written.add(totals);
            });
    if (!filled) {
      merge(transactionVersion, target, groups, input, stamp, judgement);
    }
    OptionalLong commit = target.commitOf(applicationId, transactionVersion, before);
    if (commit.isEmpty()) {
      return Optional.empty();
    }
    Map<Figure, Long> figures = target.figures(commit.getAsLong());
    figures.forEach(merge::add);
    return Optional.of(
        new Merged(figures, written.isEmpty() ? held(commit.getAsLong()) : written.get(0)));
  }

  private void merge(
      long transactionVersion,
      LakeTable target,
      Dataset<Row> groups,
      SortedMap<Instant, WindowTotals> input,
      Stamp stamp,
      Judgement judgement) {
    Dataset<Row> kept = groups.persist(StorageLevel.MEMORY_AND_DISK());
    try {
      stopWhere(
          WindowTotals.differences(
              kind.table(), input, WindowTotals.ofGroups(kept, kind.window())));
      published(kept, judgement).createOrReplaceTempView("made_groups");
      execute(transactionVersion, statement(target, stamp.at(), judgement));
    } finally {
      kept.unpersist(true);
    }
  }

  private void stopWhere(List<WindowDifference> wrong) {
    if (!wrong.isEmpty()) {
      WindowDifference one = wrong.get(0);
      throw PipelineFailures.countsDiffer(
          kind.table() + " " + one.windowStart(), one.measure(), one.expected(), one.actual());
    }
  }

  /** What the windows hold as of a version of the rollup, read again. */
  private SortedMap<Instant, WindowTotals> held(long version) {
    return WindowTotals.ofRollup(
        lake.table(kind.table())
            .readVersion(version)
            .where("usage_date IN (" + literals(dates) + ")")
            .where(windows),
        kind.window());
  }

  /** Where the rollup is not what the input adds up to; windows that are held back apart. */
  private List<WindowDifference> differences(
      SortedMap<Instant, WindowTotals> input,
      SortedMap<Instant, WindowTotals> held,
      Judgement judgement) {
    return WindowTotals.differences(kind.table(), input, held).stream()
        .filter(difference -> !judgement.held().containsKey(difference.windowStart()))
        .toList();
  }

  /** Appends verdicts and revisions, and tells where the rollup differs from the input. */
  private List<WindowDifference> noted(
      SortedMap<Instant, WindowTotals> input,
      SortedMap<Instant, WindowTotals> held,
      String inputId,
      long transactionVersion,
      Stamp stamp,
      Judgement judgement) {
    QualityResults.append(
        lake,
        stamp.runId(),
        judge.rules(),
        judgement.verdicts(),
        applicationId,
        transactionVersion);
    revisions.append(
        kind.grain(),
        inputId,
        applicationId,
        transactionVersion,
        stamp,
        starts,
        input,
        held,
        judgement.held());
    return differences(input, held, judgement);
  }

  /** The partitions that the recomputed windows lie in, as SQL. */
  private String partitions() {
    boolean byDate = kind.partition().equals("usage_date");
    return byDate
        ? "usage_date IN (" + literals(dates) + ")"
        : kind.partition() + " = DATE'" + month + "'";
  }

  /** Groups as rows of a table that holds none of them yet. */
  private Dataset<Row> rows(LakeTable target, Dataset<Row> groups, Instant at) {
    return groups
        .withColumn("revision", lit(1L))
        .withColumn("revised_at", lit(Timestamp.from(at)))
        .withColumn("usage_month", lit(Date.valueOf(month)))
        .select(target.columns().stream().map(functions::col).toArray(Column[]::new));
  }

  private void execute(long transactionVersion, String statement) {
    RuntimeConfig settings = lake.spark().conf();
    settings.set("spark.databricks.delta.write.txnAppId", applicationId);
    settings.set("spark.databricks.delta.write.txnVersion", transactionVersion);
    try {
      lake.spark().sql(statement);
    } catch (Exception e) { // Scala throws what it does not declare.
      throw DoubledRows.explained(kind.table(), YearMonth.from(month), e);
    } finally {
      settings.unset("spark.databricks.delta.write.txnAppId");
      settings.unset("spark.databricks.delta.write.txnVersion");
    }
  }

  static String literals(SortedSet<LocalDate> dates) {
    return dates.stream().map(date -> "DATE'" + date + "'").collect(Collectors.joining(", "));
  }

  private String statement(LakeTable target, Instant now, Judgement judgement) {
    SortedSet<Instant> held = new TreeSet<>(judgement.held().keySet());
    String merged =
        held.isEmpty()
            ? windows
            : windows + " AND hour_start NOT IN (" + WindowRevisions.literals(held) + ")";
    return kind.merge()
        .text()
        .replace("${target}", target.sqlName())
        .replace("${made}", "made_groups")
        .replace("${month}", month.toString())
        .replace("${dates}", literals(dates))
        .replace("${windows}", merged)
        .replace("${revised-at}", SQL_TIMESTAMP.format(now));
  }
}
