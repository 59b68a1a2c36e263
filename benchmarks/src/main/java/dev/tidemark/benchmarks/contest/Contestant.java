package dev.tidemark.benchmarks.contest;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the runs of one contestant cost. Wall time is what a person waits; processor time and peak
 * of the heap are those of this process, without the server's.
 */
public final class Contestant {
  private static final double NANOS = 1e9;

  private final String name;
  private final List<Double> wallSeconds = new ArrayList<>();
  private final List<Double> cpuSeconds = new ArrayList<>();
  private long peakBytes;

  /** A contestant who has not run yet. */
  public Contestant(String name) {
    this.name = name;
  }

  /** What is measured. */
  public interface Work {
    /** Does it once. */
    void run() throws Exception;
  }

  /**
   * Does some work.
   *
   * @param counted whether its cost is kept; not while warming up
   */
  public void run(boolean counted, Work work) throws Exception {
    System.gc();
    heap().forEach(MemoryPoolMXBean::resetPeakUsage);
    long cpuBefore = cpuNanos();
    long begin = System.nanoTime();
    work.run();
    double wall = (System.nanoTime() - begin) / NANOS;
    double cpu = (cpuNanos() - cpuBefore) / NANOS;
    if (counted) {
      wallSeconds.add(wall);
      cpuSeconds.add(cpu);
      peakBytes =
          Math.max(
              peakBytes, heap().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum());
    }
  }

  /** Its name in JSON. */
  public String name() {
    return name;
  }

  /** Wall time of each counted run, in order. */
  public List<Double> wallSeconds() {
    return List.copyOf(wallSeconds);
  }

  /** Processor time of each counted run, in order. */
  public List<Double> cpuSeconds() {
    return List.copyOf(cpuSeconds);
  }

  /** The most heap that one run used. */
  public long peakMebibytes() {
    return peakBytes >> 20;
  }

  /** Wall time divided by another's, run by run. */
  public List<Double> ratiosTo(Contestant other) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < wallSeconds.size(); i++) {
      ratios.add(wallSeconds.get(i) / other.wallSeconds.get(i));
    }
    return ratios;
  }

  /** What JSON says of it. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("wall_s", wallSeconds.stream().map(Contestant::rounded).toList());
    json.put("cpu_s", cpuSeconds.stream().map(Contestant::rounded).toList());
    json.put("peak_mib", peakMebibytes());
    return json;
  }

  /** The one in the middle; of an even number, the mean of the two there. */
  public static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  /** Thousandths are enough. */
  public static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private static List<MemoryPoolMXBean> heap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }
}
