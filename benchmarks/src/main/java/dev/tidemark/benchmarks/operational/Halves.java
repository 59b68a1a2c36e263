package dev.tidemark.benchmarks.operational;

import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A range of numbers done by two threads, a half each. */
final class Halves {
  private Halves() {}

  /** Does the numbers {@code from} (inclusive) to {@code to} (exclusive). */
  @FunctionalInterface
  interface Work {
    /** Does them. */
    void run(long from, long to) throws SQLException;
  }

  /**
   * Does the numbers from 0 to {@code count}, exclusive.
   *
   * @throws SQLException what the first half that failed threw
   */
  static void inParallel(long count, Work work) throws SQLException {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<Void> first = threads.submit(() -> run(work, 0, count / 2));
      Future<Void> second = threads.submit(() -> run(work, count / 2, count));
      first.get();
      second.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SQLException failure) {
        throw failure;
      }
      throw new IllegalStateException("Could not do a half of " + count, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted at " + count, e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static Void run(Work work, long from, long to) throws SQLException {
    work.run(from, to);
    return null;
  }
}
