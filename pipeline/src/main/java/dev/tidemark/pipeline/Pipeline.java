package dev.tidemark.pipeline;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeChangeSets;
import dev.tidemark.pipeline.landing.Landing;
import dev.tidemark.pipeline.landing.LandingReport;
import dev.tidemark.pipeline.reconciliation.Reconciliation;
import dev.tidemark.pipeline.reconciliation.ReconciliationReport;
import dev.tidemark.pipeline.rollup.AffectedWindow;
import dev.tidemark.pipeline.rollup.Rollup;
import dev.tidemark.pipeline.rollup.RollupReport;
import dev.tidemark.pipeline.session.CapacityMeter;
import dev.tidemark.pipeline.session.CapacityUsage;
import dev.tidemark.pipeline.source.EventSource;
import dev.tidemark.pipeline.source.files.FilesEventSource;
import dev.tidemark.pipeline.source.postgres.PostgresServer;
import dev.tidemark.pipeline.source.postgres.PostgresSource;
import dev.tidemark.pipeline.window.TimeRange;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
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
  private final String runId = UUID.randomUUID().toString();

  private Pipeline(Lake lake, EventSource source, Duration mostAhead, Duration hourBudget) {
    this.lake = Objects.requireNonNull(lake);
    this.source = Objects.requireNonNull(source);
    this.mostAhead = Objects.requireNonNull(mostAhead);
    this.hourBudget = Objects.requireNonNull(hourBudget);
  }

  /**
   * Opens the pipeline: makes the lake or brings it up to the program's change sets, and connects
   * to the source.
   *
   * @param server the Postgres that is the source; empty where the settings name files
   * @throws dev.tidemark.migrator.failure.UserFailure if lake or source cannot be used
   */
  public static Pipeline open(
      SparkSession spark, PipelineSettings settings, Optional<PostgresServer> server) {
    EventSource source =
        settings
            .files()
            .<EventSource>map(files -> new FilesEventSource(spark, files))
            .orElseGet(() -> PostgresSource.open(spark, server.orElseThrow()));
    Lake lake = Lake.at(spark, settings.lake());
    new LakeChangeSets(lake).apply();
    return new Pipeline(lake, source, settings.mostTimeAhead(), settings.hourBudget());
  }

  /** The lake that this pipeline writes. */
  public Lake lake() {
    return lake;
  }

  /**
   * The result of a run: what was landed, what was recomputed because of it, and what that took.
   *
   * @param hourBudget how long a run should take at most for an hour of data
   */
  public record RunReport(
      String runId,
      LandingReport landing,
      RollupReport rollup,
      CapacityUsage capacity,
      Duration hourBudget) {
    /** How long the run took for each hour that it recomputed; zero if it recomputed none. */
    public Duration perHour() {
      int hours = rollup.windows().size();
      return hours == 0 ? Duration.ZERO : capacity.elapsed().dividedBy(hours);
    }
  }

  /** Lands what waits in the source and brings both rollups up to date. */
  public RunReport run(Rollup.Listener listener) {
    try (CapacityMeter meter = CapacityMeter.start(lake.spark())) {
      LandingReport landing = new Landing(lake, mostAhead, runId).land(source);
      RollupReport rollup = new Rollup(lake, runId, listener).run();
      return new RunReport(runId, landing, rollup, meter.usage(), hourBudget);
    }
  }

  /** The windows that landed events wait to be rolled up into; changes nothing. */
  public List<AffectedWindow> affectedWindows() {
    return new Rollup(lake, runId, (table, partition, done, of) -> {}).affectedWindows();
  }

  /**
   * Compares source, landed events, hours and days.
   *
   * @param range whole UTC days to which the comparison keeps; empty for all
   */
  public ReconciliationReport reconcile(Optional<TimeRange> range) {
    return new Reconciliation(lake, range).run(source, mostAhead);
  }
}
