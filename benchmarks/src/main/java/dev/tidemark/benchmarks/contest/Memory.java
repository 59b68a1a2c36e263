package dev.tidemark.benchmarks.contest;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where a contestant that runs in this process holds its memory. */
public enum Memory {
  /** In the JVM's heap: the most that was used, garbage not yet collected included. */
  HEAP {
    @Override
    long begin() {
      heap().forEach(MemoryPoolMXBean::resetPeakUsage);
      return 0;
    }

    @Override
    long peakSince(long mark) {
      return heap().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
    }
  },

  /** Outside of it: by how much the process grew at most; 0 where the system does not tell. */
  NATIVE {
    @Override
    long begin() {
      try {
        Files.writeString(Path.of("/proc/self/clear_refs"), "5"); // forgets the peak
      } catch (IOException e) {
        return UNKNOWN;
      }
      return status("VmRSS:");
    }

    @Override
    long peakSince(long mark) {
      return mark == UNKNOWN ? 0 : Math.max(0, status("VmHWM:") - mark);
    }
  };

  private static final long UNKNOWN = -1;

  abstract long begin();

  abstract long peakSince(long mark);

  private static long status(String field) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith(field)) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
        }
      }
      return UNKNOWN;
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  private static List<MemoryPoolMXBean> heap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }
}
