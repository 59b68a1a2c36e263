package dev.tidemark.benchmarks.contest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Work in a process of its own, from its start to its exit. */
public final class ChildProcess {
  private static final double NANOS = 1e9;

  /** Of {@code /proc}: what Linux counts processor time in, everywhere. */
  private static final double TICKS_A_SECOND = 100;

  private ChildProcess() {}

  /**
   * Runs a program; nothing else of this process may run others meanwhile.
   *
   * @param environment in addition to this process's own
   * @param log takes what it prints
   * @throws IOException if it cannot be started or ends with another status than 0
   */
  public static Cost run(List<String> command, Map<String, String> environment, Path log)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    double cpuBefore = childrenSeconds();
    long begin = System.nanoTime();
    Process process = builder.start();
    long peak = 0;
    try {
      while (!process.waitFor(50, TimeUnit.MILLISECONDS)) {
        peak = Math.max(peak, peakBytes(process.pid()));
      }
    } finally {
      process.destroy();
    }
    double wall = (System.nanoTime() - begin) / NANOS;
    if (process.exitValue() != 0) {
      throw new IOException(
          "%s ended with %d; see %s".formatted(command, process.exitValue(), log));
    }
    return new Cost(wall, childrenSeconds() - cpuBefore, peak);
  }

  private static long peakBytes(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  /** Processor time of all children that have ended, and of theirs. */
  private static double childrenSeconds() throws IOException {
    String status = Files.readString(Path.of("/proc/self/stat"));
    String[] fields = status.substring(status.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / TICKS_A_SECOND;
  }
}
