package dev.tidemark.pipeline.maintenance;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.pipeline.failure.PipelineException;
import dev.tidemark.pipeline.lake.Conflicts;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeHistory;
import dev.tidemark.pipeline.lake.LakeTable;
import dev.tidemark.pipeline.lake.LakeTable.PartitionFiles;
import dev.tidemark.pipeline.landing.Landing;
import dev.tidemark.pipeline.observation.Figure;
import dev.tidemark.pipeline.observation.Ongoing;
import dev.tidemark.pipeline.observation.Work;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compacts, clusters, vacuums and checkpoints the tables of a lake.
 *
 * <p>It may run beside anything. Compaction changes no row and stands in no change feed; of two
 * commits that touch the same files Delta refuses the later, and whoever lost reads again. So that
 * this is rare, dates are left alone that changed since the last maintenance (EX-22), unless they
 * have too many small files.
 */
public final class Maintenance {
  private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);

  /** Dates that one OPTIMIZE takes: what a lost conflict throws away. */
  private static final int MOST_DATES = 31;

  /** How far clocks of machines that commit may differ. */
  private static final Duration CLOCKS = Duration.ofHours(1);

  /**
   * A table to maintain.
   *
   * @param date its partition column; null for none
   * @param clusterBy what large dates are clustered by; null for nothing
   */
  private record Plan(String table, String date, String clusterBy) {}

  private static final List<Plan> PLANS =
      List.of(
          new Plan("usage_events", "event_date", "occurred_at"),
          new Plan("usage_hourly", "usage_date", "organization_id, hour_start"),
          new Plan("usage_daily", "usage_month", "organization_id, usage_date"),
          new Plan("quarantined_events", "arrival_date", null),
          new Plan("reconciliation_results", "compared_date", null),
          // All rows stay: the revision of a window counts them.
          new Plan("window_revisions", null, null),
          new Plan("job_runs", null, null),
          new Plan("job_starts", null, null),
          new Plan("job_work", null, null),
          new Plan("quality_results", null, null),
          new Plan("window_releases", null, null),
          new Plan("backfill_chunks", null, null),
          new Plan("governor_decisions", null, null),
          new Plan("landings", null, null),
          new Plan("erasures", null, null),
          new Plan("change_sets", null, null));

  private final Lake lake;
  private final MaintenanceSettings settings;
  private final String runId;

  /** Hears of progress. */
  public interface Listener {
    /** Work at a table begins. */
    void table(String name, int number, int of);
  }

  /**
   * Maintenance of a lake.
   *
   * @param runId marks the commits of this run
   */
  public Maintenance(Lake lake, MaintenanceSettings settings, String runId) {
    SparkSession own = ((org.apache.spark.sql.classic.SparkSession) lake.spark()).cloneSession();
    RuntimeConfig conf = own.conf();
    conf.set("spark.databricks.delta.optimize.maxFileSize", settings.targetFileBytes());
    conf.set("spark.databricks.delta.optimize.minFileSize", settings.smallFileBytes());
    // Delta's own guard knows a week; ours is the shortest retention that the settings allow
    conf.set("spark.databricks.delta.retentionDurationCheck.enabled", false);
    // Otherwise Delta takes the week of its table property in place of what VACUUM is given
    conf.set("spark.databricks.delta.vacuum.retentionWindowIgnore.enabled", false);
    this.lake = lake.with(own);
    this.settings = Objects.requireNonNull(settings);
    this.runId = Objects.requireNonNull(runId);
  }

  /**
   * Maintains every table, one after the other.
   *
   * @param dryRun only tell what would be compacted
   */
  public MaintenanceReport run(boolean dryRun, Listener listener) {
    LakeHistory history = LakeHistory.read(lake);
    Optional<MaintenanceReport.Retired> retired =
        settings
            .eventsDays()
            .flatMap(
                days ->
                    new EventRetention(lake, history, days).run(dryRun, lake.clock().instant()));
    List<MaintenanceReport.Table> tables = new ArrayList<>();
    for (Plan plan : PLANS) {
      listener.table(plan.table(), PLANS.indexOf(plan) + 1, PLANS.size());
      if (!lake.table(plan.table()).exists()) { // a lake of an older program
        continue;
      }
      if (plan.table().equals("landings") && !dryRun) {
        Landing.trimLedger(lake);
      }
      tables.add(
          lake.watch()
              .during(
                  Work.Kind.MAINTENANCE,
                  plan.table(),
                  "",
                  work -> told(maintain(plan, history, dryRun), work)));
    }
    return new MaintenanceReport(List.copyOf(tables), retired);
  }

  private static MaintenanceReport.Table told(MaintenanceReport.Table table, Ongoing work) {
    if (table.compacted() == 0 && table.lost() == 0) {
      work.nothing();
    }
    work.add(Figure.FILES_REMOVED, Math.max(0, table.filesBefore() - table.filesAfter()));
    return table;
  }

  private MaintenanceReport.Table maintain(Plan plan, LakeHistory history, boolean dryRun) {
    LakeTable table = lake.table(plan.table());
    String memory = "maintained:" + plan.table() + ":" + table.id();
    long version = table.version();
    List<PartitionFiles> before = table.files(plan.date(), settings.smallFileBytes());
    Set<LocalDate> touched = touched(plan, table, memory, version);
    List<PartitionFiles> work = new ArrayList<>();
    int skipped = 0;
    for (PartitionFiles files : before) {
      if (files.small() < 2) {
        continue;
      }
      boolean changed = files.date() != null && touched.contains(files.date());
      if (changed && files.small() <= settings.mostSmallFiles()) {
        skipped++;
      } else {
        work.add(files);
      }
    }
    Duration retention = retention(plan, table, history);
    int lost = 0;
    List<PartitionFiles> after = before;
    if (!dryRun) {
      lost = compact(plan, table, work);
      table.checkpoint();
      vacuum(table, retention);
      if (plan.date() != null) {
        lake.landings().mark(memory, version);
      }
      after = work.isEmpty() ? before : table.files(plan.date(), settings.smallFileBytes());
    }
    return new MaintenanceReport.Table(
        plan.table(),
        before.stream().mapToLong(PartitionFiles::files).sum(),
        after.stream().mapToLong(PartitionFiles::files).sum(),
        before.stream().mapToLong(PartitionFiles::bytes).sum(),
        after.stream().mapToLong(PartitionFiles::bytes).sum(),
        work.size() - lost,
        skipped,
        lost,
        retention);
  }

  /** The dates whose rows changed since the last maintenance; none where there was none. */
  private Set<LocalDate> touched(Plan plan, LakeTable table, String memory, long version) {
    OptionalLong last = lake.landings().transactionVersion(memory);
    if (plan.date() == null || last.isEmpty() || last.getAsLong() > version) {
      return Set.of();
    }
    try {
      return table.touchedDates(plan.date(), last.getAsLong(), version);
    } catch (RuntimeException e) {
      LOG.info("The log of {} since the last maintenance is gone: {}", plan.table(), e.toString());
      return Set.of();
    }
  }

  /** Returns how many dates were lost to other writers. */
  private int compact(Plan plan, LakeTable table, List<PartitionFiles> work) {
    int lost = 0;
    for (boolean large : new boolean[] {false, true}) {
      List<PartitionFiles> alike =
          work.stream()
              .filter(files -> isLarge(plan, files) == large)
              .collect(Collectors.toCollection(ArrayList::new));
      for (int from = 0; from < alike.size(); from += MOST_DATES) {
        List<PartitionFiles> group = alike.subList(from, Math.min(alike.size(), from + MOST_DATES));
        if (!optimized(plan, table, group, large)) {
          lost += group.size();
        }
      }
    }
    return lost;
  }

  /** Whether a date makes several files, so that it matters which rows lie together. */
  private boolean isLarge(Plan plan, PartitionFiles files) {
    return plan.clusterBy() != null && files.bytes() > settings.targetFileBytes();
  }

  private boolean optimized(
      Plan plan, LakeTable table, List<PartitionFiles> group, boolean cluster) {
    String where =
        plan.date() == null
            ? ""
            : group.stream()
                .map(files -> "DATE'" + files.date() + "'")
                .collect(Collectors.joining(", ", " WHERE " + plan.date() + " IN (", ")"));
    String zorder = cluster ? " ZORDER BY (" + plan.clusterBy() + ")" : "";
    try {
      Conflicts.retry(
          "compacting " + plan.table(),
          lake.watch(),
          () -> {
            lake.spark().sql("OPTIMIZE " + table.sqlName() + where + zorder).collectAsList();
            return Optional.of(true);
          });
      return true;
    } catch (PipelineException e) {
      if (e.exitCode() != ExitCode.BUSY) {
        throw e;
      }
      LOG.warn(e.getMessage());
      return false;
    }
  }

  private void vacuum(LakeTable table, Duration retention) {
    if (!table.mayHaveDeadFiles(lake.clock().instant().minus(retention))) {
      return;
    }
    lake.spark()
        .sql(
            String.format(
                Locale.ROOT,
                "VACUUM %s RETAIN %.3f HOURS",
                table.sqlName(),
                retention.toMillis() / 3_600_000.0))
        .collectAsList();
  }

  /**
   * How long dead files stay: what the table's rollup has not read yet must outlive compaction, or
   * its change feed is gone and everything is compared (EX-20).
   */
  private Duration retention(Plan plan, LakeTable table, LakeHistory history) {
    OptionalLong floor =
        switch (plan.table()) {
          case "usage_events" -> lake.usageHourly().transactionVersion(history.hourlyFloorId());
          case "usage_hourly" -> lake.usageDaily().transactionVersion(history.dailyFloorId());
          default -> OptionalLong.empty();
        };
    if (floor.isEmpty() || floor.getAsLong() >= table.version()) {
      return settings.retention();
    }
    Duration needed =
        table
            .committedAt(floor.getAsLong() + 1)
            .map(at -> Duration.between(at, lake.clock().instant()).plus(CLOCKS))
            .orElse(settings.retention());
    Duration longest = settings.longestRetention();
    Duration wanted = needed.compareTo(longest) < 0 ? needed : longest;
    return wanted.compareTo(settings.retention()) > 0 ? wanted : settings.retention();
  }
}
