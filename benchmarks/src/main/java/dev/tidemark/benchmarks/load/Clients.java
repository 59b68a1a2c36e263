package dev.tidemark.benchmarks.load;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/**
 * Clients that work at the same time, each in a thread and with a connection of its own, each
 * beginning its next repetition when the last one is done.
 *
 * @param count how many there are
 * @param warmUp how long they work before anything counts
 * @param measured how long they work while it counts
 */
public record Clients(int count, Duration warmUp, Duration measured) {
  private static final int ROOM = 1 << 12;

  /** One client's work. */
  public interface Client extends AutoCloseable {
    /**
     * Does it once more.
     *
     * @param repetition counts from 0, warm-up included
     */
    void repeat(long repetition) throws Exception;

    @Override
    void close() throws SQLException;
  }

  /** Makes the clients, numbered from 0. */
  @FunctionalInterface
  public interface Factory {
    /** Makes one. */
    Client client(int number) throws Exception;
  }

  /**
   * Lets them work.
   *
   * @return the times of the repetitions that began after the warm-up
   * @throws Exception what the first client that failed threw
   */
  public Latencies work(Factory factory) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(count);
    CyclicBarrier start = new CyclicBarrier(count);
    try {
      List<Future<long[]>> results = new ArrayList<>();
      for (int number = 0; number < count; number++) {
        int client = number;
        results.add(threads.submit(() -> work(factory, client, start)));
      }
      LongStream all = LongStream.empty();
      for (Future<long[]> result : results) {
        all = LongStream.concat(all, Arrays.stream(result.get()));
      }
      return new Latencies(all.toArray(), measured.toNanos() / 1e9);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      threads.shutdownNow();
    }
  }

  private long[] work(Factory factory, int number, CyclicBarrier start) throws Exception {
    try (Client client = factory.client(number)) {
      start.await();
      long begin = System.nanoTime();
      long counted = begin + warmUp.toNanos();
      long end = counted + measured.toNanos();
      long[] nanos = new long[ROOM];
      int size = 0;
      long before = System.nanoTime();
      for (long repetition = 0; before < end; repetition++) {
        client.repeat(repetition);
        long after = System.nanoTime();
        if (before >= counted) {
          if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, size * 2);
          }
          nanos[size++] = after - before;
        }
        before = after;
      }
      return Arrays.copyOf(nanos, size);
    } catch (Exception e) {
      start.reset();
      throw e;
    }
  }
}
