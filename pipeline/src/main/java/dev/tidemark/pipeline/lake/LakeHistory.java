package dev.tidemark.pipeline.lake;

import dev.tidemark.pipeline.failure.PipelineFailures;
import io.delta.kernel.data.Row;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which history of its tables a lake has (EX-11).
 *
 * <p>RESTORE, TRUNCATE and CREATE OR REPLACE keep Delta's transaction ids although rows are gone,
 * and a log that was put back from a copy uses its versions again. So each landing remembers, with
 * its claim, how far the tables were; the next run compares. A table that was turned back since has
 * another {@link #identity} from then on: what was done for the old one counts no more.
 */
public final class LakeHistory {
  /** Sources of the ledger's rows that remember a history begin so. */
  private static final String REMEMBERED = "history:";

  /** Delta forgets transaction ids after so long, where it is set. */
  private static final String FORGETTING = "delta.setTransactionRetentionDuration";

  private static final String HOURLY = "hourly:";
  private static final String DAILY = "daily:";
  private static final List<String> TABLES = List.of("usage_daily", "usage_hourly", "usage_events");

  /**
   * How far a table was.
   *
   * @param id the identity that Delta gave it
   * @param version its newest version
   * @param commit the identity of the commit that made this version
   * @param turnedBack names the last time that it was turned back; empty for never
   */
  private record Point(String id, long version, String commit, String turnedBack) {
    String identity() {
      return turnedBack.isEmpty() ? id : id + "@" + turnedBack;
    }
  }

  private final Map<String, Point> points;

  private LakeHistory(Map<String, Point> points) {
    this.points = points;
  }

  /**
   * The history of a lake as it is now.
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException if a table is set to forget
   *     transactions
   */
  public static LakeHistory read(Lake lake) {
    Optional<LakeHistory> remembered =
        lake.landings().rows(LakeHistory::remembered).stream()
            .flatMap(Optional::stream)
            .max(Comparator.comparingLong(Remembered::claimedAt))
            .map(Remembered::history);
    // Floors before the versions that they speak of: another run may move both meanwhile.
    Map<String, Long> hourlyFloors = lake.usageHourly().transactions(HOURLY);
    Map<String, Long> dailyFloors = lake.usageDaily().transactions(DAILY);
    Map<String, Point> points = new TreeMap<>();
    for (String name : TABLES) {
      LakeTable table = lake.table(name);
      refuseForgetting(table);
      Point before = remembered.map(history -> history.points.get(name)).orElse(null);
      points.put(name, point(table, before));
    }
    refuseForgetting(lake.landings());
    refuseForgetting(lake.quarantinedEvents());
    LakeHistory history = new LakeHistory(points);
    history.refuseFloor(
        "usage_hourly", dailyFloors.getOrDefault(history.dailyFloorId(), Long.MIN_VALUE));
    history.refuseFloor(
        "usage_events", hourlyFloors.getOrDefault(history.hourlyFloorId(), Long.MIN_VALUE));
    return history;
  }

  /** Whether a row of the ledger remembers a history, and is no landing. */
  public static boolean isRemembered(String source) {
    return source.startsWith(REMEMBERED);
  }

  /** A rollup that has consumed more of a table than there is tells that its log was put back. */
  private void refuseFloor(String input, long floor) {
    Point point = points.get(input);
    if (floor > point.version()) {
      points.put(input, new Point(point.id(), point.version(), point.commit(), "floor-" + floor));
    }
  }

  /** The application id under which {@code usage_hourly} records what it has consumed. */
  public String hourlyFloorId() {
    return floorId(HOURLY, "usage_events", "usage_hourly");
  }

  /** The application id under which {@code usage_daily} records what it has consumed. */
  public String dailyFloorId() {
    return floorId(DAILY, "usage_hourly", "usage_daily");
  }

  private String floorId(String prefix, String input, String rollup) {
    String turned = points.get(rollup).turnedBack();
    return prefix + identity(input) + (turned.isEmpty() ? "" : "@" + turned);
  }

  /** Which history a table has: its id, or something else if it was ever turned back. */
  public String identity(String table) {
    return points.get(table).identity();
  }

  /** The source under which the ledger remembers the history for a landing of another. */
  public static String ledgerSource(String source) {
    return REMEMBERED + source;
  }

  /** The history as the ledger remembers it. */
  public String text() {
    return points.entrySet().stream()
        .map(
            entry -> {
              Point point = entry.getValue();
              return String.join(
                  " ",
                  entry.getKey(),
                  point.id(),
                  String.valueOf(point.version()),
                  point.commit(),
                  point.turnedBack());
            })
        .collect(Collectors.joining(";"));
  }

  /** Reads what {@link #text} wrote. */
  public static LakeHistory parse(String text) {
    Map<String, Point> points = new TreeMap<>();
    for (String part : text.split(";")) {
      String[] words = part.split(" ", -1);
      points.put(words[0], new Point(words[1], Long.parseLong(words[2]), words[3], words[4]));
    }
    return new LakeHistory(points);
  }

  private record Remembered(long claimedAt, LakeHistory history) {}

  private static Optional<Remembered> remembered(Row row) {
    if (!row.getString(row.getSchema().indexOf("source")).startsWith(REMEMBERED)) {
      return Optional.empty();
    }
    return Optional.of(
        new Remembered(
            row.getLong(row.getSchema().indexOf("claimed_at")),
            parse(row.getString(row.getSchema().indexOf("snapshot")))));
  }

  private static Point point(LakeTable table, Point before) {
    long version = table.version();
    String commit = table.commitId(version).orElse("");
    String id = table.id();
    if (before == null || !before.id().equals(id)) {
      return new Point(id, version, commit, "");
    }
    boolean otherLog =
        version < before.version()
            || table
                .commitId(before.version())
                .filter(known -> !known.equals(before.commit()) && !before.commit().isEmpty())
                .isPresent();
    String turnedBack =
        otherLog
            ? "log-" + before.version() + "-" + before.commit()
            : table.lastTurn(before.version()).orElse(before.turnedBack());
    return new Point(id, version, commit, turnedBack);
  }

  private static void refuseForgetting(LakeTable table) {
    if (table.property(FORGETTING) != null) {
      throw PipelineFailures.forgetsTransactions(table.name(), FORGETTING);
    }
  }
}
