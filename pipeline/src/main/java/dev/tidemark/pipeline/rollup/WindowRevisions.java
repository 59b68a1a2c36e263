package dev.tidemark.pipeline.rollup;

import static org.apache.spark.sql.functions.max;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeTable;
import dev.tidemark.pipeline.sql.SqlResource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/**
 * The table {@code window_revisions}: what each recomputation of a window came to. A unit appends
 * to it after its MERGE, with the same transaction id and number: an older run cannot append after
 * a newer one, and a run that finds the MERGE done and its rows missing does the unit again.
 */
final class WindowRevisions {
  private static final SqlResource STALE =
      SqlResource.of(WindowRevisions.class, "stale-windows.sql");

  private static final SqlResource HELD = SqlResource.of(WindowRevisions.class, "held-windows.sql");

  private final Lake lake;
  private final LakeTable table;

  WindowRevisions(Lake lake) {
    this.lake = lake;
    this.table = lake.table("window_revisions");
  }

  /** The newest transaction version that a unit has appended; -1 for none. */
  long done(String applicationId) {
    return table.appendedVersion(applicationId).orElse(-1);
  }

  /**
   * Appends what windows came to, once.
   *
   * @param windows all recomputed windows; those that neither side holds are empty now
   * @param input the sums of what was read
   * @param rollup the sums of what the rollup holds
   * @param heldBy windows that were held back, with the rules that hold each
   */
  void append(
      String grain,
      String inputId,
      String applicationId,
      long transactionVersion,
      Stamp stamp,
      SortedSet<Instant> windows,
      SortedMap<Instant, WindowTotals> input,
      SortedMap<Instant, WindowTotals> rollup,
      SortedMap<Instant, List<String>> heldBy) {
    SortedSet<Instant> all = new TreeSet<>(windows);
    all.addAll(input.keySet());
    all.addAll(rollup.keySet());
    List<List<Object>> rows = new ArrayList<>();
    for (Instant window : all) {
      WindowTotals held = rollup.getOrDefault(window, WindowTotals.NOTHING);
      WindowTotals read = input.getOrDefault(window, WindowTotals.NOTHING);
      rows.add(
          Arrays.asList(
              grain,
              window,
              inputId,
              transactionVersion,
              stamp.definition().version(),
              heldBy.containsKey(window) ? "held" : "published",
              stamp.runId(),
              stamp.at(),
              held.series(),
              held.measures().get(0),
              held.fingerprint(),
              grain.equals("hour") ? read.lateness() : null,
              heldBy.containsKey(window) ? String.join(",", heldBy.get(window)) : null));
    }
    table.appendRows(rows, applicationId, transactionVersion);
  }

  /**
   * A time for the first revisions by another input, which are newer than all there are: the clock
   * of a machine that made some of those may run ahead.
   *
   * @param now if that is no earlier
   */
  Instant after(Instant now) {
    Row newest = table.read().agg(max("rolled_up_at")).head();
    if (newest.isNullAt(0)) {
      return now;
    }
    Instant next = newest.getTimestamp(0).toInstant().plus(1, ChronoUnit.MILLIS);
    return next.isAfter(now) ? next : now;
  }

  /** Hours that are held, with the rules that hold each. */
  SortedMap<Instant, List<String>> held() {
    SortedMap<Instant, List<String>> held = new TreeMap<>();
    if (!table.exists() || !List.of(table.read().columns()).contains("held_by")) {
      return held; // a lake of an older program, which is looked at and not written
    }
    String sql = HELD.text().replace("${revisions}", table.sqlName());
    for (Row row : lake.spark().sql(sql).collectAsList()) {
      held.put(row.getTimestamp(0).toInstant(), List.of(row.getString(1).split(",")));
    }
    return held;
  }

  /** Windows in a rollup whose newest revision has another definition, or that have none. */
  SortedSet<Instant> stale(LakeTable rollup, String grain, String window, String definition) {
    SortedSet<Instant> windows = new TreeSet<>();
    if (!table.exists()) { // a lake of an older program, which is looked at and not written
      return windows;
    }
    String sql =
        STALE
            .text()
            .replace("${revisions}", table.sqlName())
            .replace("${rollup}", rollup.sqlName())
            .replace("${window}", window)
            .replace("${grain}", grain)
            .replace("${definition}", definition);
    for (Row row : lake.spark().sql(sql).collectAsList()) {
      windows.add(row.getTimestamp(0).toInstant());
    }
    return windows;
  }

  /** Starts of hours as SQL. */
  static String literals(SortedSet<Instant> hours) {
    return hours.stream().map(hour -> "TIMESTAMP'" + hour + "'").collect(Collectors.joining(", "));
  }
}
