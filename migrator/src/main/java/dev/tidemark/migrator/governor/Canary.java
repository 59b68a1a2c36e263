package dev.tidemark.migrator.governor;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * A small query that is executed again and again on a connection of its own, before, between and
 * during the chunks: what its latency does, that of other people's queries does.
 */
final class Canary implements AutoCloseable {
  private static final Duration SHORTEST = Duration.ofMillis(1);

  private final String query;
  private final Duration every;
  private final CanaryJudge judge;
  private final Thread thread;
  private volatile boolean stopped;
  private volatile boolean atWork;
  private String failure;

  Canary(Threshold threshold, String query, Duration every, Supplier<Connection> connections) {
    this.judge = new CanaryJudge(threshold);
    this.query = query;
    this.every = every.compareTo(SHORTEST) < 0 ? SHORTEST : every;
    this.thread = new Thread(() -> sing(connections), "canary");
    thread.setDaemon(true);
    thread.start();
  }

  void atWork(boolean now) {
    atWork = now;
  }

  synchronized Reading read() {
    return failure == null
        ? judge.read()
        : Reading.unknown(CanaryJudge.NAME, "the canary query fails: " + failure);
  }

  /**
   * Waits until it is known what is normal, or the query fails. A query that takes long is known by
   * its first answer.
   */
  synchronized void learn() throws InterruptedException {
    while (failure == null && !judge.knowsWhatIsNormal()) {
      wait();
    }
  }

  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sing(Supplier<Connection> connections) {
    try (Connection connection = connections.get();
        Statement statement = connection.createStatement()) {
      statement.execute("SET statement_timeout = '10s'");
      while (!stopped) {
        boolean before = atWork;
        long startedAt = System.nanoTime();
        statement.execute(query);
        long took = System.nanoTime() - startedAt;
        add(Duration.ofNanos(took), before || atWork);
        Thread.sleep(Duration.ofNanos(every.toNanos() - took % every.toNanos()).toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException | RuntimeException e) {
      fail(String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown"));
    }
  }

  private synchronized void add(Duration latency, boolean working) {
    judge.add(latency, every, working);
    notifyAll();
  }

  private synchronized void fail(String message) {
    failure = message;
    notifyAll();
  }
}
