package dev.tidemark.benchmarks.contest;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Contestants that take turns (A B A B …), first to warm up, then so that it counts. The result of
 * every run is checked before its cost counts.
 */
public final class Contest {
  /** Below it, a median says little. */
  public static final int FEWEST_RUNS = 5;

  private static final double NANOS = 1e9;

  private final int warmUps;
  private final int runs;
  private final Consumer<String> progress;
  private final List<Entry> entries = new ArrayList<>();

  /**
   * A contest without contestants.
   *
   * @param warmUps runs of each that do not count
   * @param runs counted runs of each
   * @param progress hears whose turn it is
   */
  public Contest(int warmUps, int runs, Consumer<String> progress) {
    this.warmUps = warmUps;
    this.runs = runs;
    this.progress = progress;
  }

  private record Entry(Contestant contestant, Runner runner) {}

  @FunctionalInterface
  private interface Runner {
    /** Prepares, works, checks and cleans. */
    Cost run() throws Exception;
  }

  /** Enters a contestant that works in this process, and whose memory is the heap. */
  public <T> Contestant enter(String name, Turn<T> turn) {
    return enter(name, Memory.HEAP, turn);
  }

  /** Enters a contestant that works in this process. */
  public <T> Contestant enter(String name, Memory memory, Turn<T> turn) {
    return add(name, () -> measured(memory, turn));
  }

  /**
   * Enters a contestant whose work itself tells what it cost, as that of another process.
   *
   * @param turn its result is its cost
   */
  public Contestant enterMeasured(String name, Turn<Cost> turn) {
    return add(
        name,
        () -> {
          turn.prepare();
          try {
            Cost cost = turn.work();
            turn.check(cost);
            return cost;
          } finally {
            turn.clean();
          }
        });
  }

  private Contestant add(String name, Runner runner) {
    Contestant contestant = new Contestant(name);
    entries.add(new Entry(contestant, runner));
    return contestant;
  }

  /**
   * Lets them take their turns.
   *
   * @throws ResultDiffers if a result is not the true one
   */
  public void run() throws Exception {
    for (int run = -warmUps; run < runs; run++) {
      for (Entry entry : entries) {
        String name = entry.contestant().name();
        progress.accept(name + (run < 0 ? ": warming up" : ": run %d".formatted(run + 1)));
        Cost cost = entry.runner().run();
        progress.accept(
            "%s: %.2f s, processor %.2f s".formatted(name, cost.wallSeconds(), cost.cpuSeconds()));
        if (run >= 0) {
          entry.contestant().add(cost);
        }
      }
    }
  }

  private static <T> Cost measured(Memory memory, Turn<T> turn) throws Exception {
    turn.prepare();
    try {
      System.gc();
      long mark = memory.begin();
      long cpuBefore = cpuNanos();
      long begin = System.nanoTime();
      T result = turn.work();
      double wall = (System.nanoTime() - begin) / NANOS;
      double cpu = (cpuNanos() - cpuBefore) / NANOS;
      long peak = memory.peakSince(mark);
      turn.check(result);
      return new Cost(wall, cpu, peak);
    } finally {
      turn.clean();
    }
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
