package dev.tidemark.benchmarks.backfill;

import java.util.List;
import java.util.OptionalLong;

/**
 * At what pace a contestant reads.
 *
 * @param name as figures call it
 * @param governed whether the governor steers; else nothing does but the rate
 * @param polite whether the operating system is told that others come first, as the launcher does
 * @param rate events a second at most; empty for no limit
 */
record Pace(String name, boolean governed, boolean polite, OptionalLong rate) {
  private static final String FIXED = "fixed-";

  /**
   * Reads the name of a contestant: governed, ungoverned, unpaced, or a fixed number of events a
   * second.
   */
  static Pace parse(String name) {
    return switch (name) {
      case "governed" -> new Pace(name, true, true, OptionalLong.empty());
      case "ungoverned" -> new Pace(name, false, false, OptionalLong.empty());
      case "unpaced" -> new Pace(name, false, true, OptionalLong.empty());
      default -> new Pace(FIXED + name, false, true, OptionalLong.of(Long.parseLong(name)));
    };
  }

  /** Whether it belongs to the sweep of fixed rates. */
  boolean fixed() {
    return !governed && polite;
  }

  /** What is asked of the governor. */
  List<String> settings() {
    return governed
        ? List.of()
        : List.of(
            "governor.share { least = 1, first = 1, most = 1 }",
            "governor.signals { active-sessions { throttle-at = null, stop-at = null },"
                + " replication-lag { throttle-at = null, stop-at = null },"
                + " oldest-transaction { throttle-at = null, stop-at = null },"
                + " wal-backlog { throttle-at = null, stop-at = null },"
                + " wal-rate { throttle-at = null }, vacuum { throttle-at = null },"
                + " canary { throttle-at = null, stop-at = null } }");
  }
}
