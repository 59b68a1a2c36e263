package dev.tidemark.pipeline.observation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Watches one run: tells of its work as it ends, and adds it up. Any thread may call it. */
public final class Watch implements Contention {
  /** Watches nothing. */
  public static final Watch NONE = new Watch(null, RunObserver.NONE);

  private final RunStart start;
  private final RunObserver observer;
  private final List<Work> works = new ArrayList<>();
  private long conflicts;
  private long retries;

  private Watch(RunStart start, RunObserver observer) {
    this.start = start;
    this.observer = Objects.requireNonNull(observer);
  }

  /** Watches no run yet. */
  public static Watch by(RunObserver observer) {
    return new Watch(null, observer);
  }

  /** Watches a run, which begins now. */
  public Watch begin(RunStart run) {
    observer.runBegins(run);
    return new Watch(run, observer);
  }

  /** Does a piece of work, and tells of it when it ends, however it ends. */
  public <T, E extends Exception> T during(
      Work.Kind kind, String table, String part, Ongoing.Doing<T, E> work) throws E {
    Ongoing ongoing = new Ongoing(this, kind, table, part);
    try {
      T result = work.with(ongoing);
      ongoing.ended(null).ifPresent(this::tell);
      return result;
    } catch (Throwable e) { // Scala throws what it does not declare.
      ongoing.ended(e).ifPresent(this::tell);
      throw e;
    }
  }

  private void tell(Work work) {
    if (start == null) {
      return;
    }
    synchronized (this) {
      works.add(work);
    }
    observer.workEnds(start, work);
  }

  @Override
  public synchronized void lost(String what, boolean again) {
    conflicts++;
    retries += again ? 1 : 0;
  }

  /** The run's pieces of work that have ended, in the order of their ends. */
  public synchronized List<Work> works() {
    return List.copyOf(works);
  }

  /** What the run's work came to so far. */
  public synchronized Totals totals() {
    return Totals.of(works, conflicts, retries);
  }

  /** Tells that the run has ended. */
  public void end(
      Instant endedAt, String outcome, Optional<Throwable> failure, Optional<Instant> dataAsOf) {
    observer.runEnds(new RunEnd(start, endedAt, outcome, failure, dataAsOf, totals()));
  }
}
