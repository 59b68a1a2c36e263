package dev.tidemark.pipeline.status;

import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.failure.PipelineWarning;
import dev.tidemark.pipeline.runs.EndedRun;
import dev.tidemark.pipeline.runs.RunHistory;
import dev.tidemark.pipeline.runs.UnendedRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What an operator should do, by what is known of runs and windows. */
final class Advice {
  /** By how much clocks may differ before it is told. */
  private static final Duration MOST_DRIFT = Duration.ofMinutes(1);

  private final StatusSettings settings;
  private final RunHistory history;
  private final Instant now;

  Advice(StatusSettings settings, RunHistory history, Instant now) {
    this.settings = settings;
    this.history = history;
    this.now = now;
  }

  /**
   * Everything that the sources held then is in the rollups: of several sources the one that was
   * looked at least recently decides.
   */
  Optional<Instant> dataAsOf() {
    Map<String, Instant> bySource = new TreeMap<>();
    for (EndedRun run : history.ended()) {
      run.dataAsOf()
          .ifPresent(at -> bySource.merge(run.source(), at, (a, b) -> a.isAfter(b) ? a : b));
    }
    return bySource.values().stream().min(Instant::compareTo);
  }

  /**
   * What to do, the most pressing first.
   *
   * @param hoursWaiting and {@code daysWaiting}: windows that landed events wait to be rolled up
   *     into
   * @param heldHours hours that are held back from readers
   */
  List<PipelineWarning> actions(int hoursWaiting, int daysWaiting, long heldHours) {
    List<PipelineWarning> actions = new ArrayList<>();
    for (String command : List.of("rollup", "publish", "repair", "reconcile", "maintain")) {
      history
          .last(command)
          .ifPresent(
              last -> {
                if (!last.succeeded() && !supersededBy(last)) {
                  actions.add(
                      PipelineFailures.runFailed(
                          command, last.runId(), last.endedAt(), last.failureCode().orElse("")));
                } else if (command.equals("reconcile") && last.outcome().equals("mismatch")) {
                  actions.add(PipelineFailures.lastReconciliationDiffers(last.endedAt()));
                }
              });
    }
    // Of runs that were killed only the newest of a command matters: the next takes up their work.
    Map<String, UnendedRun> gone = new TreeMap<>();
    history.unended().stream()
        .filter(run -> run.state() != UnendedRun.State.RUNNING && !isOverBy(run))
        .forEach(run -> gone.put(run.command(), run));
    gone.values()
        .forEach(
            run ->
                actions.add(
                    PipelineFailures.runNotEnded(
                        run.command(),
                        run.startedAt(),
                        run.process(),
                        run.state() == UnendedRun.State.KILLED)));
    Optional<Instant> asOf = dataAsOf();
    if (asOf.filter(at -> !older(at, settings.mostBehind())).isEmpty()) {
      actions.add(PipelineFailures.rollupsBehind(asOf, settings.mostBehind()));
    } else if (hoursWaiting + daysWaiting > 0) {
      actions.add(PipelineFailures.windowsWait(hoursWaiting, daysWaiting));
    }
    asOf.filter(at -> at.isAfter(now.plus(MOST_DRIFT)))
        .ifPresent(at -> actions.add(PipelineFailures.dataOfTheFuture(at)));
    if (heldHours > 0) {
      actions.add(PipelineFailures.hoursHeld(heldHours));
    }
    Optional<Instant> maintained =
        history.ended().stream()
            .filter(run -> run.command().equals("maintain") && run.succeeded())
            .map(EndedRun::endedAt)
            .max(Instant::compareTo);
    Optional<Instant> since =
        maintained.or(() -> history.ended().stream().map(EndedRun::endedAt).findFirst());
    if (!settings.maintenanceDue().isZero()
        && since.filter(at -> older(at, settings.maintenanceDue())).isPresent()) {
      actions.add(PipelineFailures.maintenanceDue(maintained, settings.maintenanceDue()));
    }
    return actions;
  }

  /** A publication or repair that failed is made up for by the next rollup that publishes. */
  private boolean supersededBy(EndedRun failed) {
    return List.of("publish", "repair").contains(failed.command())
        && history.ended().stream()
            .anyMatch(
                run ->
                    run.command()
                            .equals(failed.command().equals("publish") ? "publish" : "reconcile")
                        && run.outcome().equals("done")
                        && run.startedAt().isAfter(failed.startedAt()));
  }

  /** Whether a later run of the command has done its work. */
  private boolean isOverBy(UnendedRun killed) {
    return history.ended().stream()
        .anyMatch(
            run ->
                run.command().equals(killed.command())
                    && run.succeeded()
                    && run.endedAt().isAfter(killed.startedAt())
                    && run.startedAt().isAfter(killed.startedAt()));
  }

  private boolean older(Instant time, Duration than) {
    return time.isBefore(now.minus(than));
  }
}
