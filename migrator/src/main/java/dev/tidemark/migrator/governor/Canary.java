package dev.tidemark.migrator.governor;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * A small query that is executed again and again on a connection of its own, before, between and
 * during the chunks: what its latency does, that of other people's queries does.
 */
final class Canary implements AutoCloseable {
  static final String NAME = "canary";

  private static final int RECENT = 100;
  private static final int QUIET = 50;

  private final Threshold threshold;
  private final String query;
  private final Duration pause;
  private final LatencyRatio ratio = new LatencyRatio(RECENT, QUIET);
  private final Thread thread;
  private volatile boolean stopped;
  private volatile boolean atWork;
  private String failure;

  Canary(Threshold threshold, String query, Duration pause, Supplier<Connection> connections) {
    this.threshold = threshold;
    this.query = query;
    this.pause = pause;
    this.thread = new Thread(() -> sing(connections), "canary");
    thread.setDaemon(true);
    thread.start();
  }

  void atWork(boolean now) {
    atWork = now;
  }

  synchronized Reading read() {
    if (failure != null) {
      return Reading.unknown(NAME, "the canary query fails: " + failure);
    }
    OptionalDouble now = ratio.ratio();
    if (now.isEmpty()) {
      return new Reading(NAME, Level.CALM, Double.NaN, "the canary's latency is being learnt");
    }
    String words =
        String.format(
            Locale.ROOT,
            "the canary's p95 is %.2f times its baseline of %.2f ms",
            now.getAsDouble(),
            ratio.baseline() / 1e6);
    return new Reading(NAME, threshold.level(now.getAsDouble()), now.getAsDouble(), words);
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
        add(took, before || atWork);
        Thread.sleep(pause.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException | RuntimeException e) {
      fail(String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown"));
    }
  }

  private synchronized void add(long nanos, boolean working) {
    ratio.add(nanos, working);
  }

  private synchronized void fail(String message) {
    failure = message;
  }
}
