package dev.tidemark.pipeline.session;

import java.time.Duration;
import java.util.OptionalInt;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.SparkSession;

/**
 * Measures which cores a piece of work occupies. What the driver itself does, planning and commits,
 * is not counted: it has no core of the cluster's workers.
 */
public final class CapacityMeter implements AutoCloseable {
  private static final long DRAIN_MILLIS = 10_000;

  private final SparkContext context;
  private final Tasks tasks = new Tasks();
  private final long begin = System.nanoTime();

  private CapacityMeter(SparkContext context) {
    this.context = context;
    context.addSparkListener(tasks);
  }

  /** Begins to measure. */
  public static CapacityMeter start(SparkSession spark) {
    return new CapacityMeter(spark.sparkContext());
  }

  /** What was used since the beginning. */
  public CapacityUsage usage() {
    Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
    try {
      context.listenerBus().waitUntilEmpty(DRAIN_MILLIS);
    } catch (Exception e) { // Scala throws what it does not declare; a late task is left out.
      Thread.yield();
    }
    synchronized (tasks) {
      return new CapacityUsage(
          number(Capacity.PROVISIONED),
          number(Capacity.ALLOWED),
          tasks.peak,
          Duration.ofMillis(tasks.busyMillis),
          elapsed);
    }
  }

  @Override
  public void close() {
    context.removeSparkListener(tasks);
  }

  private OptionalInt number(String setting) {
    return context.getConf().contains(setting)
        ? OptionalInt.of(context.getConf().getInt(setting, 0))
        : OptionalInt.empty();
  }

  private static final class Tasks extends SparkListener {
    private int running;
    private int peak;
    private long busyMillis;

    @Override
    public synchronized void onTaskStart(SparkListenerTaskStart task) {
      running++;
      peak = Math.max(peak, running);
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd task) {
      running = Math.max(0, running - 1);
      busyMillis += task.taskInfo().duration();
    }
  }
}
