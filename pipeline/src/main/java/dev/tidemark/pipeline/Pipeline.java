package dev.tidemark.pipeline;

import dev.tidemark.pipeline.backfill.Backfill;
import dev.tidemark.pipeline.backfill.BackfillEvent;
import dev.tidemark.pipeline.backfill.BackfillPlan;
import dev.tidemark.pipeline.backfill.BackfillReport;
import dev.tidemark.pipeline.backfill.BackfillRequest;
import dev.tidemark.pipeline.backfill.BackfillRequest.Order;
import dev.tidemark.pipeline.backfill.BackfillSettings;
import dev.tidemark.pipeline.backfill.ChunkResult;
import dev.tidemark.pipeline.erasure.AnsweredRequest;
import dev.tidemark.pipeline.erasure.Erasure;
import dev.tidemark.pipeline.erasure.ErasureReport;
import dev.tidemark.pipeline.erasure.ErasureRequests;
import dev.tidemark.pipeline.erasure.Subject;
import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.failure.PipelineWarning;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeChangeSets;
import dev.tidemark.pipeline.landing.Landing;
import dev.tidemark.pipeline.landing.LandingReport;
import dev.tidemark.pipeline.landing.Resubmission;
import dev.tidemark.pipeline.landing.ResubmissionReport;
import dev.tidemark.pipeline.lineage.Datasets;
import dev.tidemark.pipeline.observation.RunObserver;
import dev.tidemark.pipeline.observation.Totals;
import dev.tidemark.pipeline.observation.Watch;
import dev.tidemark.pipeline.publication.Publication;
import dev.tidemark.pipeline.publication.PublicationReport;
import dev.tidemark.pipeline.quality.Freshness;
import dev.tidemark.pipeline.quality.QualityResults;
import dev.tidemark.pipeline.quality.QualityRules;
import dev.tidemark.pipeline.quality.Verdict;
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
import dev.tidemark.pipeline.source.postgres.PostgresHistory;
import dev.tidemark.pipeline.source.postgres.PostgresServer;
import dev.tidemark.pipeline.source.postgres.PostgresSource;
import dev.tidemark.pipeline.window.TimeRange;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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
  private final Optional<PostgresServer> server;
  private final Optional<Publication> publication;
  private final QualityRules rules;

  private Pipeline(
      Lake lake, EventSource source, PipelineSettings settings, Optional<PostgresServer> server) {
    this.lake = lake;
    this.source = source;
    this.mostAhead = settings.mostTimeAhead();
    this.hourBudget = settings.hourBudget();
    this.rules = settings.quality();
    this.server = settings.files().isPresent() ? Optional.empty() : server;
    this.publication = this.server.map(to -> new Publication(lake, to, settings.publication()));
  }

  private Pipeline(Pipeline like, Lake lake) {
    this.lake = lake;
    this.source = like.source;
    this.mostAhead = like.mostAhead;
    this.hourBudget = like.hourBudget;
    this.server = like.server;
    this.rules = like.rules;
    this.publication = like.publication.map(publication -> publication.of(lake));
  }

  /** The same pipeline, with one who hears of its runs. */
  public Pipeline observedBy(RunObserver observer) {
    return new Pipeline(this, lake.watchedBy(Watch.by(observer)));
  }

  /** The same pipeline on a machine with another clock. */
  Pipeline clockedBy(Clock machine) {
    return new Pipeline(this, lake.clockedBy(machine));
  }

  /** A lake for work that goes by the source's clock. */
  private Lake timed(Lake by) {
    return by.clockedBy(source.clock(by.clock()));
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
    settings.quality().requireUsable(spark);
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
    settings.quality().requireUsable(spark);
    Lake lake = Lake.at(spark, settings.lake());
    new LakeChangeSets(lake).requireLake();
    return new Pipeline(lake, source(spark, settings, server), settings, server);
  }

  private static EventSource source(
      SparkSession spark, PipelineSettings settings, Optional<PostgresServer> server) {
    return settings
        .files()
        .<EventSource>map(files -> new FilesEventSource(spark, files))
        .orElseGet(
            () -> PostgresSource.open(spark, server.orElseThrow(), settings.longestTransaction()));
  }

  /** What the jobs of this pipeline read and write, for lineage. */
  public Datasets datasets() {
    return new Datasets(source.dataset(), lake.path(), publication.map(Publication::dataset));
  }

  /** The lake that this pipeline writes. */
  public Lake lake() {
    return lake;
  }

  /**
   * The result of a run: what was landed, what was recomputed because of it, and what that took.
   *
   * @param dataAsOf everything that the source held at this time, by its own clock, is counted
   * @param totals what its work came to: files, bytes, conflicts
   * @param warnings what stands in the way of events in the source
   * @param hourBudget how long a run should take at most for an hour of data
   * @param freshness what came of rules about the newest event
   * @param published what was published to Postgres
   */
  public record RunReport(
      String runId,
      Instant dataAsOf,
      LandingReport landing,
      RollupReport rollup,
      Totals totals,
      List<PipelineWarning> warnings,
      CapacityUsage capacity,
      Duration hourBudget,
      List<Verdict> freshness,
      Published published) {
    RunReport with(Published now) {
      return new RunReport(
          runId, dataAsOf, landing, rollup, totals, warnings, capacity, hourBudget, freshness, now);
    }

    /** The quality rules that were broken. */
    public List<Verdict> broken() {
      List<Verdict> broken = new ArrayList<>(rollup.failed());
      freshness.stream().filter(Verdict::failed).forEach(broken::add);
      return broken;
    }

    /**
     * Makes sure that no rule of severity stop was broken.
     *
     * @throws dev.tidemark.pipeline.failure.PipelineException (refused) if one was
     */
    public void requireNothingStopped() {
      rollup.requireNothingHeld();
      Freshness.require(freshness);
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
    refuseBesideFirstHistory();
    String runId = UUID.randomUUID().toString();
    RunReport report =
        JobRun.recorded(
            lake,
            runId,
            "rollup",
            source.name(),
            run -> rollUp(runId, run, listener),
            done -> figures(done.rollup(), done.dataAsOf(), done.landing()));
    return report.with(publish(runId, "rollup", false, report.dataAsOf()));
  }

  /** What cannot be published is told in the result: the rollups are done all the same. */
  private Published publish(String runId, String command, boolean whole, Instant dataAsOf) {
    if (publication.isEmpty()) {
      return Published.NOTHING;
    }
    JobRun run = JobRun.within(lake, runId, command, "publish", source.name());
    try {
      PublicationReport report = publication.get().of(run.lake()).run(whole, dataAsOf);
      if (report.written() + report.deleted() > 0) {
        run.done(JobRun.Figures.ofRows(report.written() + report.deleted()));
      } else {
        run.idle();
      }
      return new Published(report, Optional.empty());
    } catch (RuntimeException e) {
      run.failed(e);
      return new Published(PublicationReport.NONE, Optional.of(e));
    }
  }

  private RunReport rollUp(String runId, JobRun run, Rollup.Listener listener) {
    try (CapacityMeter meter = CapacityMeter.start(lake.spark())) {
      Lake own = timed(run.lake());
      Instant dataAsOf = own.clock().instant();
      LandingReport landing = new Landing(own, mostAhead, runId, rules).land(source);
      RollupReport rollup = new Rollup(own, runId, listener, rules).run();
      List<Verdict> freshness = Freshness.judge(own, rules, own.clock().instant());
      QualityResults.append(own, runId, rules, freshness);
      return new RunReport(
          runId,
          dataAsOf,
          landing,
          rollup,
          run.totals(),
          source.warnings(),
          meter.usage(),
          hourBudget,
          freshness,
          Published.NOTHING);
    }
  }

  /**
   * The windows that a run would recompute, because of what waits in the source, what was landed
   * and not rolled up, or another definition of the rollups; changes nothing.
   */
  public List<AffectedWindow> affectedWindows() {
    Rollup rollup = new Rollup(lake, "dry-run", (table, partition, done, of) -> {}, rules);
    return new Landing(timed(lake), mostAhead, "dry-run", rules)
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
    return JobRun.recorded(
        lake,
        runId,
        "reconcile",
        source.name(),
        run ->
            new Reconciliation(timed(run.lake()), range, publication, rules)
                .run(source, mostAhead, runId),
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
    JobRun.recorded(
        lake,
        runId,
        "repair",
        source.name(),
        run ->
            new Reconciliation(timed(run.lake()), range, publication, rules)
                .repair(found, source, mostAhead, runId, listener),
        rollup -> figures(rollup, null, null));
    publish(runId, "repair", true, timed(lake).clock().instant()).require();
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
    Lake timed = timed(lake);
    Instant startedAt = timed.clock().instant();
    ErasureReport erased =
        JobRun.recorded(
            lake,
            runId,
            "erase",
            source.name(),
            run -> {
              Lake own = run.lake().clockedBy(timed.clock());
              ErasureReport report = new Erasure(own, runId).run(subject, startedAt, request);
              new Rollup(own, runId, listener, rules).run();
              return report;
            },
            report -> JobRun.Figures.ofRows(report.rows()));
    publish(runId, "erase", false, startedAt).require();
    return erased;
  }

  /**
   * Erases the subject of each open request for erasure in the source's Postgres, as {@link #erase}
   * does, and marks what became of it.
   *
   * @param evidence makes of a report what the request keeps the digest of
   * @param listener hears of the progress of the rollups
   * @throws dev.tidemark.migrator.failure.UserFailure if requests cannot be read or marked, or
   *     another process is at it; a request that fails is told in the result
   */
  public List<AnsweredRequest> eraseRequested(
      ErasureRequests.Evidence evidence, Rollup.Listener listener) {
    PostgresServer from = server.orElseThrow(PipelineFailures::requestsNeedPostgres);
    return new ErasureRequests(from)
        .run((subject, request) -> erase(subject, Optional.of(request), listener), evidence);
  }

  /**
   * Submits refused events to the door again, after what refused them was mended; the next rollup
   * counts those that land.
   */
  public ResubmissionReport resubmit(Resubmission.Selection selection) {
    String runId = UUID.randomUUID().toString();
    return JobRun.recorded(
        lake,
        runId,
        "resubmit",
        source.name(),
        run -> new Resubmission(timed(run.lake()), mostAhead, runId, rules).run(source, selection),
        report ->
            new JobRun.Figures(
                null,
                null,
                report.landing().read(),
                report.landing().landed(),
                report.landing().duplicates(),
                report.landing().quarantined(),
                null,
                null,
                null,
                null));
  }

  /**
   * Replays what the source holds of a range of days, a chunk at a time: what the lake lacks is
   * landed, all hours and days of the range are recomputed, and published. A Postgres from which
   * nothing has been landed yet is read up to one snapshot; once all of it is landed, the next run
   * goes on from there.
   *
   * @param listener hears of the progress
   * @throws dev.tidemark.migrator.failure.UserFailure if it ends before all is done; what is done
   *     is recorded, and the next call goes on
   */
  public BackfillReport backfill(
      BackfillRequest request, BackfillSettings settings, BackfillEvent.Listener listener) {
    String runId = UUID.randomUUID().toString();
    return JobRun.recorded(
        lake,
        runId,
        "backfill",
        source.name(),
        run -> {
          Lake own = timed(run.lake());
          ReplayWork work =
              new ReplayWork(
                  own,
                  source,
                  mostAhead,
                  runId,
                  rules,
                  () -> publish(runId, "backfill", false, own.clock().instant()).require());
          BackfillReport report =
              new Backfill(own, source.name(), settings, server)
                  .run(request, runId, listener, work);
          work.requireNothingHeld();
          return report.with(work.notice());
        },
        report -> figures(report.result(), report.days()));
  }

  /**
   * The backfill that should come before the first {@link #run}, because the source holds a large
   * history of which nothing is landed; empty for none.
   */
  public Optional<BackfillRequest> firstHistory(BackfillSettings settings) {
    if (server.isEmpty()) {
      return Optional.empty();
    }
    PostgresHistory history = new PostgresHistory(server.get());
    if (history.rowsAbout() < settings.firstRunRows() || !watermarkIsBehindEverything()) {
      return Optional.empty();
    }
    return new Backfill(lake, source.name(), settings, server)
        .unfinishedFirstHistory()
        .or(() -> history.extent(BackfillRequest.possibleDays(timed(lake).clock().instant())))
        .map(
            days ->
                new BackfillRequest(days, Order.NEWEST_FIRST, Optional.empty(), Optional.empty()));
  }

  private void refuseBesideFirstHistory() {
    Optional<String> holder = server.flatMap(from -> new PostgresHistory(from).holder());
    if (holder.isPresent() && watermarkIsBehindEverything()) {
      throw PipelineFailures.firstHistoryRuns(holder.get());
    }
  }

  private boolean watermarkIsBehindEverything() {
    return source instanceof PostgresSource postgres
        && postgres.isUnlanded(new Landing(lake, mostAhead, "first").progress(source));
  }

  /** What a backfill would do; changes nothing. */
  public BackfillPlan planBackfill(BackfillRequest request, BackfillSettings settings) {
    return new Backfill(lake, source.name(), settings, server)
        .plan(request, watermarkIsBehindEverything());
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

  private static JobRun.Figures figures(ChunkResult result, int days) {
    return new JobRun.Figures(
        null,
        null,
        result.read(),
        result.landed(),
        result.duplicates(),
        result.quarantined(),
        result.hours(),
        (long) days,
        result.rowsChanged(),
        null);
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
