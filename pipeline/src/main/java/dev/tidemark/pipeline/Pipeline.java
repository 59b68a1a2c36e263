package dev.tidemark.pipeline;

import dev.tidemark.pipeline.erasure.Erasure;
import dev.tidemark.pipeline.erasure.ErasureReport;
import dev.tidemark.pipeline.erasure.Subject;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeChangeSets;
import dev.tidemark.pipeline.landing.Landing;
import dev.tidemark.pipeline.landing.LandingReport;
import dev.tidemark.pipeline.publication.Publication;
import dev.tidemark.pipeline.publication.PublicationReport;
import dev.tidemark.pipeline.reconciliation.Comparison;
import dev.tidemark.pipeline.reconciliation.Finding;
import dev.tidemark.pipeline.reconciliation.Reconciliation;
import dev.tidemark.pipeline.reconciliation.ReconciliationReport;
import dev.tidemark.pipeline.rollup.AffectedWindow;
import dev.tidemark.pipeline.rollup.Rollup;
import dev.tidemark.pipeline.rollup.RollupReport;
import dev.tidemark.pipeline.runs.JobRun;
import dev.tidemark.pipeline.session.CapacityMeter;
import dev.tidemark.pipeline.session.CapacityUsage;
import dev.tidemark.pipeline.source.EventSource;
import dev.tidemark.pipeline.source.files.FilesEventSource;
import dev.tidemark.pipeline.source.postgres.PostgresServer;
import dev.tidemark.pipeline.source.postgres.PostgresSource;
import dev.tidemark.pipeline.window.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/**
 * The pipeline's one door: every operation a method, every result a type.
 *
 * <p>Any method may be called by several processes at once on the same lake, and may be killed at
 * any time and called again: tables end up equal to their events.
 */
public final class Pipeline {
  private final Lake lake;
  private final EventSource source;
  private final Duration mostAhead;
  private final Duration hourBudget;
  private final Optional<Publication> publication;

  private Pipeline(
      Lake lake, EventSource source, PipelineSettings settings, Optional<PostgresServer> server) {
    this.lake = lake;
    this.source = source;
    this.mostAhead = settings.mostTimeAhead();
    this.hourBudget = settings.hourBudget();
    this.publication =
        settings.files().isPresent()
            ? Optional.empty()
            : server.map(to -> new Publication(lake, to, settings.publication()));
  }

  /**
   * Opens the pipeline: makes the lake or brings it up to the program's change sets, and connects
   * to the source.
   *
   * @param server the Postgres that is the source; empty where the settings name files
   * @throws dev.tidemark.migrator.failure.UserFailure if lake or source cannot be used, or somebody
   *     has rolled the lake back
   */
  public static Pipeline open(
      SparkSession spark, PipelineSettings settings, Optional<PostgresServer> server) {
    EventSource source = source(spark, settings, server);
    Lake lake = Lake.at(spark, settings.lake());
    new LakeChangeSets(lake).upgrade();
    return new Pipeline(lake, source, settings, server);
  }

  /**
   * Opens the pipeline to look and not to write: the lake must be there, and stays as it is.
   *
   * @param server as for {@link #open}
   * @throws dev.tidemark.migrator.failure.UserFailure if lake or source cannot be used
   */
  public static Pipeline look(
      SparkSession spark, PipelineSettings settings, Optional<PostgresServer> server) {
    Lake lake = Lake.at(spark, settings.lake());
    new LakeChangeSets(lake).requireLake();
    return new Pipeline(lake, source(spark, settings, server), settings, server);
  }

  private static EventSource source(
      SparkSession spark, PipelineSettings settings, Optional<PostgresServer> server) {
    return settings
        .files()
        .<EventSource>map(files -> new FilesEventSource(spark, files))
        .orElseGet(() -> PostgresSource.open(spark, server.orElseThrow()));
  }

  /** The lake that this pipeline writes. */
  public Lake lake() {
    return lake;
  }

  /**
   * The result of a run: what was landed, what was recomputed because of it, and what that took.
   *
   * @param hourBudget how long a run should take at most for an hour of data
   * @param published what was published to Postgres
   */
  public record RunReport(
      String runId,
      LandingReport landing,
      RollupReport rollup,
      CapacityUsage capacity,
      Duration hourBudget,
      Published published) {
    RunReport with(Published now) {
      return new RunReport(runId, landing, rollup, capacity, hourBudget, now);
    }

    /** How long the run took for each hour that it recomputed; zero if it recomputed none. */
    public Duration perHour() {
      int hours = rollup.windows().size();
      return hours == 0 ? Duration.ZERO : capacity.elapsed().dividedBy(hours);
    }
  }

  /**
   * The end of a run, which comes after the rollups are done and recorded.
   *
   * @param report what was changed in Postgres
   * @param failure why the summaries there are not up to date; empty where they are
   */
  public record Published(PublicationReport report, Optional<RuntimeException> failure) {
    static final Published NOTHING = new Published(PublicationReport.NONE, Optional.empty());

    /**
     * Tells of a failure, once the rest of the run has been told.
     *
     * @throws dev.tidemark.migrator.failure.UserFailure if the summaries are not up to date
     */
    public void require() {
      failure.ifPresent(
          exception -> {
            throw exception;
          });
    }
  }

  /**
   * Lands what waits in the source, brings both rollups up to date, and publishes them to the
   * source's Postgres.
   */
  public RunReport run(Rollup.Listener listener) {
    String runId = UUID.randomUUID().toString();
    JobRun run = new JobRun(lake, runId, "rollup", source.name());
    return rollUp(runId, run, listener).with(publish(runId, false, run.startedAt()));
  }

  /** What cannot be published is told in the result: the rollups are done all the same. */
  private Published publish(String runId, boolean whole, Instant dataAsOf) {
    if (publication.isEmpty()) {
      return Published.NOTHING;
    }
    JobRun run = new JobRun(lake, runId, "publish", source.name());
    try {
      PublicationReport report = publication.get().run(whole, dataAsOf);
      if (report.written() + report.deleted() > 0) {
        run.done(JobRun.Figures.ofRows(report.written() + report.deleted()));
      }
      return new Published(report, Optional.empty());
    } catch (RuntimeException e) {
      run.failed(e);
      return new Published(PublicationReport.NONE, Optional.of(e));
    }
  }

  private RunReport rollUp(String runId, JobRun run, Rollup.Listener listener) {
    return recorded(
        run,
        () -> {
          try (CapacityMeter meter = CapacityMeter.start(lake.spark())) {
            LandingReport landing = new Landing(lake, mostAhead, runId).land(source);
            RollupReport rollup = new Rollup(lake, runId, listener).run();
            return new RunReport(
                runId, landing, rollup, meter.usage(), hourBudget, Published.NOTHING);
          }
        },
        report -> figures(report.rollup(), run.startedAt(), report.landing()));
  }

  /**
   * The windows that a run would recompute, because of what waits in the source, what was landed
   * and not rolled up, or another definition of the rollups; changes nothing.
   */
  public List<AffectedWindow> affectedWindows() {
    Rollup rollup = new Rollup(lake, "dry-run", (table, partition, done, of) -> {});
    return new Landing(lake, mostAhead, "dry-run")
        .preview(source, rollup::affectedWindows)
        .orElseGet(rollup::affectedWindows);
  }

  /**
   * Compares source, landed events, hours and days, and keeps what was found.
   *
   * @param range whole UTC days to which the comparison keeps; empty for all
   */
  public ReconciliationReport reconcile(Optional<TimeRange> range) {
    String runId = UUID.randomUUID().toString();
    return recorded(
        new JobRun(lake, runId, "reconcile", source.name()),
        () -> new Reconciliation(lake, range, publication).run(source, mostAhead, runId),
        Pipeline::figures);
  }

  /**
   * Compares as {@link #reconcile} does; where windows disagree, sends them through the ordinary
   * path and compares again.
   *
   * @param listener hears of the progress of the repair
   * @return what the last comparison found
   */
  public ReconciliationReport repair(Optional<TimeRange> range, Rollup.Listener listener) {
    ReconciliationReport found = reconcile(range);
    if (found.mismatches() == 0) {
      return found;
    }
    String runId = UUID.randomUUID().toString();
    recorded(
        new JobRun(lake, runId, "repair", source.name()),
        () ->
            new Reconciliation(lake, range, publication)
                .repair(found, source, mostAhead, runId, listener),
        rollup -> figures(rollup, null, null));
    publish(runId, true, Instant.now()).require();
    return reconcile(range);
  }

  /**
   * Erases what the lake holds of a subject, brings the rollups up to date, and publishes them.
   * What the source holds is not touched; it is not landed again.
   *
   * @param request that the erasure answers; empty for none
   * @param listener hears of the progress of the rollups
   */
  public ErasureReport erase(Subject subject, Optional<String> request, Rollup.Listener listener) {
    String runId = UUID.randomUUID().toString();
    JobRun run = new JobRun(lake, runId, "erase", source.name());
    ErasureReport erased =
        recorded(
            run,
            () -> {
              ErasureReport report =
                  new Erasure(lake, runId).run(subject, run.startedAt(), request);
              new Rollup(lake, runId, listener).run();
              return report;
            },
            report -> JobRun.Figures.ofRows(report.rows()));
    publish(runId, false, run.startedAt()).require();
    return erased;
  }

  private static <T> T recorded(JobRun run, Supplier<T> work, Function<T, JobRun.Figures> figures) {
    T result;
    try {
      result = work.get();
    } catch (RuntimeException e) {
      run.failed(e);
      throw e;
    }
    run.done(figures.apply(result));
    return result;
  }

  private static JobRun.Figures figures(
      RollupReport rollup, Instant dataAsOf, LandingReport landing) {
    return new JobRun.Figures(
        dataAsOf,
        rollup.landedVersion(),
        landing == null ? null : landing.read(),
        landing == null ? null : landing.landed(),
        landing == null ? null : landing.duplicates(),
        landing == null ? null : landing.quarantined(),
        (long) rollup.windows().size(),
        (long) rollup.dates(),
        rollup.hourly().all() + rollup.daily().all(),
        (long) rollup.differences().size());
  }

  private static JobRun.Figures figures(ReconciliationReport report) {
    return new JobRun.Figures(
        null,
        null,
        null,
        null,
        null,
        null,
        compared(report, Comparison.LANDED_HOURLY),
        compared(report, Comparison.HOURLY_DAILY),
        null,
        report.mismatches() + report.phantoms().map(Finding::count).orElse(0L));
  }

  private static Long compared(ReconciliationReport report, Comparison comparison) {
    ReconciliationReport.Check check = report.checks().get(comparison);
    return check == null ? null : check.windows();
  }
}
