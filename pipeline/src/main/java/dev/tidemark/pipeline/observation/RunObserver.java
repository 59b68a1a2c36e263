package dev.tidemark.pipeline.observation;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of runs, from any thread, and never stands in their way: what it throws is told in the log
 * and forgotten.
 */
public interface RunObserver {
  /** Hears nothing. */
  RunObserver NONE = all(List.of());

  /** A run has begun. */
  void runBegins(RunStart start);

  /** A piece of a run's work has ended. */
  void workEnds(RunStart run, Work work);

  /** A run has ended. */
  void runEnds(RunEnd end);

  /** All of them, one after the other. */
  static RunObserver all(List<RunObserver> observers) {
    Logger log = LoggerFactory.getLogger(RunObserver.class);
    return new RunObserver() {
      @Override
      public void runBegins(RunStart start) {
        observers.forEach(each -> tell(() -> each.runBegins(start)));
      }

      @Override
      public void workEnds(RunStart run, Work work) {
        observers.forEach(each -> tell(() -> each.workEnds(run, work)));
      }

      @Override
      public void runEnds(RunEnd end) {
        observers.forEach(each -> tell(() -> each.runEnds(end)));
      }

      private void tell(Runnable what) {
        try {
          what.run();
        } catch (RuntimeException | LinkageError e) {
          log.warn("What this run does is not told everywhere; it goes on: {}", e.toString());
        }
      }
    };
  }
}
