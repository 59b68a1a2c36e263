package dev.tidemark.benchmarks.machine;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The machine that figures come from.
 *
 * @param processor its name, as the system tells it
 * @param cores that this process may use
 * @param memoryGib in all, rounded to whole GiB
 * @param system name and version of the operating system
 * @param java version of the running JVM
 */
public record Machine(String processor, int cores, long memoryGib, String system, String java) {
  private static final double GIB = 1L << 30;

  /** The machine that this process runs on. */
  public static Machine here() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new Machine(
        processorName(),
        Runtime.getRuntime().availableProcessors(),
        Math.round(system.getTotalMemorySize() / GIB),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.version"));
  }

  /** One line for people. */
  public String text() {
    return "%s, %d cores, %d GiB, %s, Java %s".formatted(processor, cores, memoryGib, system, java);
  }

  /** What JSON says of it. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("processor", processor);
    json.put("cores", cores);
    json.put("memory_gib", memoryGib);
    json.put("system", system);
    json.put("java", java);
    return json;
  }

  private static String processorName() {
    Path told = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(told)) {
      return System.getProperty("os.arch");
    }
    try {
      return Files.readAllLines(told).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }
}
