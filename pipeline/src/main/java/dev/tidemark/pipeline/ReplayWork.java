package dev.tidemark.pipeline;

import dev.tidemark.pipeline.backfill.Backfill;
import dev.tidemark.pipeline.backfill.BackfillRequest;
import dev.tidemark.pipeline.backfill.ChunkResult;
import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.landing.Landing;
import dev.tidemark.pipeline.landing.LandingReport;
import dev.tidemark.pipeline.quality.QualityRules;
import dev.tidemark.pipeline.rollup.Rollup;
import dev.tidemark.pipeline.rollup.RollupReport;
import dev.tidemark.pipeline.source.EventSource;
import dev.tidemark.pipeline.source.LandingInput;
import dev.tidemark.pipeline.source.Replay;
import dev.tidemark.pipeline.source.SourceProgress;
import dev.tidemark.pipeline.source.postgres.PostgresSource;
import dev.tidemark.pipeline.window.TimeRange;
import java.time.Duration;
import java.util.Optional;

/** What a backfill does with some days: lands what is missing, rolls up, publishes. */
final class ReplayWork implements Backfill.Work {
  private final Lake lake;
  private final EventSource source;
  private final Duration mostAhead;
  private final String runId;
  private final QualityRules rules;
  private final Runnable publication;
  private Optional<RollupReport> holding = Optional.empty();
  private Optional<String> notice = Optional.empty();

  /**
   * The work of one run.
   *
   * @param rules what events and hours must keep to
   * @param publication brings the summaries up to date, or throws
   */
  ReplayWork(
      Lake lake,
      EventSource source,
      Duration mostAhead,
      String runId,
      QualityRules rules,
      Runnable publication) {
    this.lake = lake;
    this.source = source;
    this.mostAhead = mostAhead;
    this.runId = runId;
    this.rules = rules;
    this.publication = publication;
  }

  /** What somebody should know in the end. */
  Optional<String> notice() {
    return notice;
  }

  /**
   * Makes sure that no hour is held.
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException (refused) if one is
   */
  void requireNothingHeld() {
    holding.ifPresent(RollupReport::requireNothingHeld);
  }

  @Override
  public Optional<LandingInput.Snapshot> begin(Optional<LandingInput.Snapshot> earlier) {
    SourceProgress progress = landing().progress(source);
    if (source instanceof PostgresSource postgres) {
      return postgres.firstHistory(progress, earlier);
    }
    if (progress.landedVersion(progress.epoch()) == 0) {
      throw PipelineFailures.nothingLanded(source.name());
    }
    return Optional.empty();
  }

  @Override
  public ChunkResult chunk(
      TimeRange days, Optional<LandingInput.Snapshot> history, Optional<TimeRange> whole) {
    EventSource piece =
        history
            .map(upTo -> ((PostgresSource) source).history(upTo, days))
            .orElseGet(() -> new Replay(source, days));
    LandingReport landed = landing().land(piece);
    long quarantined = landed.quarantined();
    if (history.isPresent() && whole.isPresent()) {
      quarantined += lastPiece(history.get(), whole.get());
    }
    if (landed.read() == 0) {
      return ChunkResult.NONE;
    }
    RollupReport rollup = new Rollup(lake, runId, (table, month, done, of) -> {}, rules).run(days);
    if (!rollup.held().isEmpty()) {
      holding = Optional.of(rollup);
    }
    rollup.requireNoDifferences();
    publication.run();
    return new ChunkResult(
        landed.read(),
        landed.landed(),
        landed.duplicates(),
        quarantined,
        rollup.windows().size(),
        rollup.hourly().all() + rollup.daily().all());
  }

  /** Moves the watermark behind the history, if nothing much of it is left. */
  private long lastPiece(LandingInput.Snapshot history, TimeRange whole) {
    PostgresSource postgres = (PostgresSource) source;
    if (!postgres.hasHistory(
        history, BackfillRequest.possibleDays(lake.clock().instant()), whole)) {
      return landing().land(postgres.historyOutside(history, whole)).quarantined();
    }
    notice =
        Optional.of(
            "The source holds events outside of these days too, so that the next rollup reads all"
                + " of it once more; those that are landed are let in no second time.");
    return 0;
  }

  private Landing landing() {
    return new Landing(lake, mostAhead, runId, rules);
  }
}
