package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.datastep.Surroundings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Looks now and then, from another connection, at a session that executes a statement: how long it
 * waits for locks, and for whom. What is over before the first look is not seen.
 */
final class LockWatch implements AutoCloseable {
  static final long FIRST_LOOK_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 1000;

  private final OperationLock lock;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "lock-watch");
            thread.setDaemon(true);
            return thread;
          });

  LockWatch(OperationLock lock) {
    this.lock = lock;
  }

  /** Begins to look at a session; ends with {@link Watch#close}. */
  Watch watch(int session) {
    return watch(session, () -> {});
  }

  /**
   * The same.
   *
   * @param beforeLook is done before each look, and so only while a statement takes long
   */
  Watch watch(int session, Runnable beforeLook) {
    return new Watch(session, beforeLook);
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  /** What was seen of one session. */
  final class Watch implements Surroundings.LockView {
    private final int session;
    private final Runnable beforeLook;
    private final Map<String, Duration> waits = new LinkedHashMap<>();
    private Optional<String> blockers = Optional.empty();
    private Future<?> nextLook;
    private boolean closed;

    private Watch(int session, Runnable beforeLook) {
      this.session = session;
      this.beforeLook = beforeLook;
      schedule(FIRST_LOOK_MILLIS);
    }

    /** How long it was seen waiting, all waits together. */
    @Override
    public synchronized Duration waited() {
      return waits.values().stream().reduce(Duration.ZERO, Duration::plus);
    }

    /** The sessions it was last seen waiting for, in words. */
    @Override
    public synchronized Optional<String> blockers() {
      return blockers;
    }

    @Override
    public synchronized void close() {
      closed = true;
      nextLook.cancel(false);
    }

    private void look(long pause) {
      beforeLook.run();
      Optional<OperationLock.Wait> wait = lock.waitOf(session);
      synchronized (this) {
        if (closed) {
          return;
        }
        wait.ifPresent(
            seen -> {
              waits.put(seen.since(), seen.length());
              blockers = seen.blockers().or(() -> blockers);
            });
        schedule(Math.min(pause * 2, LONGEST_PAUSE_MILLIS));
      }
    }

    private void schedule(long pause) {
      nextLook = clock.schedule(() -> look(pause), pause, TimeUnit.MILLISECONDS);
    }
  }
}
