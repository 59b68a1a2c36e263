package dev.tidemark.pipeline.status;

import dev.tidemark.migrator.failure.UserFailure;
import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.failure.PipelineWarning;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeChangeSets;
import dev.tidemark.pipeline.lake.LakeSchema;
import dev.tidemark.pipeline.lake.LakeTable;
import dev.tidemark.pipeline.landing.Landing;
import dev.tidemark.pipeline.rollup.Rollup;
import dev.tidemark.pipeline.runs.EndedRun;
import dev.tidemark.pipeline.runs.RunHistory;
import dev.tidemark.pipeline.source.postgres.PostgresServer;
import dev.tidemark.pipeline.source.postgres.PostgresSource;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Looks at lake, record of runs and source; changes nothing, and reads no events. */
public final class StatusReader {
  private final Lake lake;
  private final StatusSettings settings;

  /** Looks at a lake that is there. */
  public StatusReader(Lake lake, StatusSettings settings) {
    this.lake = lake;
    this.settings = settings;
  }

  /**
   * How it is now.
   *
   * @param server the Postgres that is the source; empty for files, and where it is not up
   * @param unreachable why the source that should be up cannot be looked at; empty where it can
   */
  public PipelineStatus read(Optional<PostgresServer> server, Optional<UserFailure> unreachable) {
    RunHistory history = RunHistory.read(lake);
    Looked looked = look(server, unreachable);
    Advice advice = new Advice(settings, history, looked.clock().instant());
    Rollup rollup = new Rollup(lake, "status", (table, month, done, of) -> {});
    int hours = rollup.affectedWindows().size();
    int days = rollup.affectedDates().size();
    long held = heldHours();
    List<PipelineWarning> actions = new ArrayList<>();
    looked.failure().ifPresent(failure -> actions.add(PipelineFailures.sourceOutOfReach(failure)));
    actions.addAll(advice.actions(hours, days, held));
    actions.addAll(looked.warnings());
    Map<String, EndedRun> last = new TreeMap<>();
    history.ended().forEach(run -> last.put(run.command(), run));
    return new PipelineStatus(
        lake.path(),
        lake.usageEvents().version(),
        Rollup.consumedVersion(lake),
        hours,
        days,
        looked.waiting(),
        held,
        lake.usageEvents().latest("occurred_at"),
        advice.dataAsOf(),
        lake.quarantinedEvents().read().count(),
        new LakeChangeSets(lake)
            .status().entries().stream()
                .filter(entry -> entry.state() == LakeSchema.State.APPLIED)
                .map(LakeSchema.Entry::version)
                .toList(),
        last.values().stream().sorted(Comparator.comparing(EndedRun::endedAt).reversed()).toList(),
        history.unended(),
        looked.word(),
        List.copyOf(actions));
  }

  /** What was seen of the source. */
  private record Looked(
      String word,
      OptionalLong waiting,
      List<PipelineWarning> warnings,
      Optional<UserFailure> failure,
      Clock clock) {}

  private Looked look(Optional<PostgresServer> server, Optional<UserFailure> unreachable) {
    if (unreachable.isPresent()) {
      return new Looked("out of reach", OptionalLong.empty(), List.of(), unreachable, lake.clock());
    }
    if (server.isEmpty()) {
      return new Looked(
          "not looked at", OptionalLong.empty(), List.of(), Optional.empty(), lake.clock());
    }
    try {
      PostgresSource source =
          PostgresSource.open(lake.spark(), server.get(), settings.longestTransaction());
      OptionalLong waiting =
          source.waiting(new Landing(lake, Duration.ZERO, "status").progress(source));
      Clock clock = source.clock(lake.clock());
      return new Looked("reachable", waiting, source.warnings(), Optional.empty(), clock);
    } catch (UserFailure e) {
      return new Looked(
          "out of reach", OptionalLong.empty(), List.of(), Optional.of(e), lake.clock());
    }
  }

  private long heldHours() {
    LakeTable revisions = lake.table("window_revisions");
    // The statistics of files spare the rest where nothing was ever held.
    if (!revisions.exists() || revisions.read().where("state <> 'published'").isEmpty()) {
      return 0;
    }
    return Rollup.heldHours(lake).size();
  }
}
