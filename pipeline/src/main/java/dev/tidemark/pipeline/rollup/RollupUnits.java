package dev.tidemark.pipeline.rollup;

import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.lake.Lake;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.sql.classic.SparkSession;

/**
 * Works at several units at once: what a small unit costs is planning and commits, which leave the
 * cores idle. Units are months of their own, so that their commits do not conflict. Each worker has
 * a session of its own, since Delta takes transaction versions from the session.
 */
final class RollupUnits {
  private static final int MOST_WORKERS = 4;

  private final Lake lake;
  private final Rollup.Listener listener;
  private final Queue<Lake> idle = new ConcurrentLinkedQueue<>();

  RollupUnits(Lake lake, Rollup.Listener listener) {
    this.lake = Objects.requireNonNull(lake);
    this.listener = Objects.requireNonNull(listener);
  }

  /** The work at one unit. */
  @FunctionalInterface
  interface Work<W> {
    /** Brings a month up to date, through a lake that no other thread uses meanwhile. */
    RollupUnit.Changes run(Lake own, LocalDate month, W windows);
  }

  /**
   * Works at all units of a rollup. Where one fails, the others are still done.
   *
   * @return the sum of their changes
   * @throws RuntimeException what the first failing unit threw
   */
  <W> RollupUnit.Changes run(String table, SortedMap<LocalDate, W> units, Work<W> work) {
    if (units.isEmpty()) {
      return RollupUnit.Changes.NONE;
    }
    int cores = lake.spark().sparkContext().defaultParallelism();
    ExecutorService pool = Executors.newFixedThreadPool(Math.min(MOST_WORKERS, Math.max(1, cores)));
    try {
      List<Future<RollupUnit.Changes>> results = new ArrayList<>();
      int[] done = {0};
      units.forEach(
          (month, windows) ->
              results.add(
                  pool.submit(
                      () -> {
                        RollupUnit.Changes changes = withSession(work, month, windows);
                        synchronized (listener) {
                          listener.unitDone(table, YearMonth.from(month), ++done[0], units.size());
                        }
                        return changes;
                      })));
      return sum(results);
    } finally {
      pool.shutdownNow();
    }
  }

  private <W> RollupUnit.Changes withSession(Work<W> work, LocalDate month, W windows) {
    Lake reused = idle.poll();
    Lake own = reused != null ? reused : lake.with(((SparkSession) lake.spark()).cloneSession());
    try {
      return work.run(own, month, windows);
    } finally {
      idle.add(own);
    }
  }

  private static RollupUnit.Changes sum(List<Future<RollupUnit.Changes>> results) {
    RollupUnit.Changes changes = RollupUnit.Changes.NONE;
    RuntimeException first = null;
    for (Future<RollupUnit.Changes> result : results) {
      try {
        changes = changes.plus(result.get());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw PipelineFailures.interrupted(e);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        RuntimeException failure =
            e.getCause() instanceof RuntimeException runtime
                ? runtime
                : new IllegalStateException(e.getCause());
        if (first == null) {
          first = failure;
        } else if (first != failure) {
          first.addSuppressed(failure);
        }
      }
    }
    if (first != null) {
      throw first;
    }
    return changes;
  }
}
