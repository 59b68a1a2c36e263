package dev.tidemark.pipeline.lake;

import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.observation.Contention;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.apache.spark.sql.delta.DeltaConcurrentModificationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries again, from reading on, what another writer was faster at; bounded, with back-off. */
public final class Conflicts {
  private static final Logger LOG = LoggerFactory.getLogger(Conflicts.class);
  private static final int ATTEMPTS = 8;
  private static final long FIRST_PAUSE_MILLIS = 200;

  private Conflicts() {}

  /**
   * Runs an attempt until it has a result.
   *
   * @param what the work, for the message
   * @param attempt must read everything anew; empty, or a conflict thrown by Delta, means that
   *     another writer was faster
   * @throws dev.tidemark.pipeline.failure.PipelineException (busy) after {@value #ATTEMPTS}
   *     attempts
   */
  public static <T> T retry(String what, Supplier<Optional<T>> attempt) {
    return retry(what, (lost, again) -> {}, attempt);
  }

  /**
   * The same, with one who hears of each attempt that is lost.
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException (busy) after {@value #ATTEMPTS}
   *     attempts
   */
  public static <T> T retry(String what, Contention contention, Supplier<Optional<T>> attempt) {
    RuntimeException last = null;
    for (int number = 1; number <= ATTEMPTS; number++) {
      try {
        Optional<T> result = attempt.get();
        if (result.isPresent()) {
          return result.get();
        }
      } catch (RuntimeException e) {
        if (!isConflict(e)) {
          throw e;
        }
        last = e;
      }
      contention.lost(what, number < ATTEMPTS);
      LOG.info("Another run was faster at {}; attempt {} of {}", what, number, ATTEMPTS);
      pause(number);
    }
    throw PipelineFailures.tooManyConflicts(what, ATTEMPTS, last);
  }

  /** Whether Delta says that another writer was faster. */
  static boolean isConflict(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      // Delta throws its conflicts unchecked from Scala, whatever their Java type says.
      if (DeltaConcurrentModificationException.class.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  private static void pause(int number) {
    long longest = FIRST_PAUSE_MILLIS << Math.min(number, 6);
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(longest / 2, longest));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PipelineFailures.interrupted(e);
    }
  }
}
