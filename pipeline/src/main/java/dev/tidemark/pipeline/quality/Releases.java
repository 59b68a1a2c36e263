package dev.tidemark.pipeline.quality;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeTable;
import io.delta.kernel.data.Row;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The table {@code window_releases}: who has released which hour from which rule, and why. A
 * release is of one rule in one hour, for good: another rule holds the hour again.
 */
public final class Releases {
  private record Released(Instant window, String rule) {}

  private final Set<Released> released;

  private Releases(Set<Released> released) {
    this.released = released;
  }

  /** Those of a lake. */
  public static Releases read(Lake lake) {
    return new Releases(new HashSet<>(table(lake).rows(Releases::released)));
  }

  /** Whether an hour has been released from a rule. */
  public boolean contains(Instant window, String rule) {
    return released.contains(new Released(window, rule));
  }

  /** A number that grows with each release; 0 in a lake without any. */
  public static long version(Lake lake) {
    return Math.max(0, table(lake).version());
  }

  /**
   * Releases an hour from rules; the next rollup publishes it.
   *
   * @param rules that hold it
   */
  public static void add(
      Lake lake, Instant window, List<String> rules, String reason, String releasedBy) {
    Instant now = lake.clock().instant();
    table(lake)
        .appendRows(
            rules.stream()
                .map(rule -> List.<Object>of(window, rule, reason, releasedBy, now))
                .toList());
  }

  private static LakeTable table(Lake lake) {
    return lake.table("window_releases");
  }

  private static Released released(Row row) {
    long micros = row.getLong(row.getSchema().indexOf("window_start"));
    return new Released(
        Instant.EPOCH.plus(micros, ChronoUnit.MICROS),
        row.getString(row.getSchema().indexOf("rule")));
  }
}
