package dev.tidemark.benchmarks.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/**
 * Clients that work at a rate of their own until they are stopped, whatever the server's speed. A
 * repetition's time counts from the moment at which it was due: one that waits for the one before
 * it is late, and its user feels that as well.
 */
public final class SteadyLoad implements AutoCloseable {
  private static final int ROOM = 1 << 14;

  private final ExecutorService threads;
  private final List<Times> times = new ArrayList<>();
  private final List<Future<?>> results = new ArrayList<>();
  private volatile boolean stopped;

  /**
   * Starts.
   *
   * @param clients how many there are
   * @param every how long after a repetition was due the same client's next one is
   */
  public SteadyLoad(int clients, Duration every, Clients.Factory factory) {
    threads = Executors.newFixedThreadPool(clients);
    long begin = System.nanoTime();
    for (int number = 0; number < clients; number++) {
      int client = number;
      Times own = new Times();
      times.add(own);
      // Spread evenly, so that they do not come all at once.
      long first = begin + every.toNanos() * number / clients;
      results.add(
          threads.submit(
              () -> {
                work(factory, client, own, first, every.toNanos());
                return null;
              }));
    }
  }

  /**
   * The times of repetitions that were due between two moments of {@link System#nanoTime}.
   *
   * @throws Exception what a client that failed threw
   */
  public Latencies between(long from, long to) throws Exception {
    for (Future<?> result : results) {
      if (result.isDone()) {
        await(result);
        throw new IllegalStateException("A client has stopped");
      }
    }
    long[] nanos = times.stream().flatMapToLong(own -> own.between(from, to)).toArray();
    return new Latencies(nanos, (to - from) / 1e9);
  }

  private static void await(Future<?> result) throws Exception {
    try {
      result.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private void work(Clients.Factory factory, int number, Times own, long first, long every)
      throws Exception {
    try (Clients.Client client = factory.client(number)) {
      long due = first;
      for (long repetition = 0; !stopped; repetition++) {
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        client.repeat(repetition);
        own.add(due, System.nanoTime() - due);
        due += every;
      }
    }
  }

  @Override
  public void close() {
    stopped = true;
    threads.shutdown();
    try {
      threads.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One client's. */
  private static final class Times {
    private long[] due = new long[ROOM];
    private long[] took = new long[ROOM];
    private int size;

    private synchronized void add(long dueAt, long nanos) {
      if (size == due.length) {
        due = Arrays.copyOf(due, size * 2);
        took = Arrays.copyOf(took, size * 2);
      }
      due[size] = dueAt;
      took[size++] = nanos;
    }

    private synchronized LongStream between(long from, long to) {
      LongStream.Builder within = LongStream.builder();
      for (int i = 0; i < size; i++) {
        if (due[i] - from >= 0 && due[i] - to < 0) {
          within.add(took[i]);
        }
      }
      return within.build();
    }
  }
}
