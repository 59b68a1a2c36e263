package dev.tidemark.pipeline.rollup;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.UtcColumns;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hours that arrivals touch: read from the change feed of the landed table, never from a fixed
 * look-back, so that an event is never too late.
 *
 * @param byHour the hours in order
 */
record AffectedWindows(List<AffectedWindow> byHour) {
  private static final Logger LOG = LoggerFactory.getLogger(AffectedWindows.class);

  AffectedWindows {
    byHour = List.copyOf(byHour);
  }

  /**
   * Hours with changes after one version of the landed table and up to another. Where the change
   * feed is gone, all hours with events or rollup rows (EX-20).
   */
  static AffectedWindows between(Lake lake, long after, long upTo) {
    try {
      return grouped(lake.usageEvents().changeFeed(after, upTo));
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      LOG.warn(
          "The change feed of usage_events from version {} to {} cannot be read ({});"
              + " every window is compared",
          after + 1,
          upTo,
          e.getMessage());
      return all(lake, upTo);
    }
  }

  /** All hours with landed events, and all hours that the rollup holds. */
  static AffectedWindows all(Lake lake, long version) {
    SortedMap<Instant, AffectedWindow> windows = new TreeMap<>();
    for (AffectedWindow window : grouped(lake.usageEvents().readVersion(version)).byHour()) {
      windows.put(window.hourStart(), window);
    }
    for (Row row : lake.usageHourly().read().select("hour_start").distinct().collectAsList()) {
      Instant hour = row.getTimestamp(0).toInstant();
      windows.putIfAbsent(hour, new AffectedWindow(hour, 0, Duration.ZERO, false));
    }
    return new AffectedWindows(new ArrayList<>(windows.values()));
  }

  /** These, and hours that were computed with another definition. */
  AffectedWindows with(SortedSet<Instant> redefined) {
    return plus(
        new AffectedWindows(
            redefined.stream()
                .map(hour -> new AffectedWindow(hour, 0, Duration.ZERO, true))
                .toList()));
  }

  /** These without the hours of frozen dates, whose events are gone (EX-21). */
  AffectedWindows notBefore(Optional<LocalDate> horizon) {
    return new AffectedWindows(
        byHour.stream().filter(window -> !isFrozen(window.hourStart(), horizon)).toList());
  }

  static boolean isFrozen(Instant hour, Optional<LocalDate> horizon) {
    return horizon
        .filter(date -> hour.isBefore(date.atStartOfDay(ZoneOffset.UTC).toInstant()))
        .isPresent();
  }

  /** The hours of both. */
  AffectedWindows plus(AffectedWindows other) {
    SortedMap<Instant, AffectedWindow> windows = new TreeMap<>();
    byHour.forEach(window -> windows.put(window.hourStart(), window));
    other.byHour.forEach(window -> windows.merge(window.hourStart(), window, AffectedWindow::plus));
    return new AffectedWindows(new ArrayList<>(windows.values()));
  }

  /** The hours that events lie in. */
  static AffectedWindows grouped(Dataset<Row> events) {
    List<AffectedWindow> windows = new ArrayList<>();
    for (Row row :
        events
            .groupBy(UtcColumns.hourStart(col("occurred_at")).as("hour_start"))
            .agg(count(lit(1)), max(expr("unix_micros(received_at) - unix_micros(occurred_at)")))
            .orderBy(col("hour_start"))
            .collectAsList()) {
      windows.add(
          new AffectedWindow(
              row.getTimestamp(0).toInstant(),
              row.getLong(1),
              Duration.ofNanos(Math.multiplyExact(1_000L, Math.max(0, row.getLong(2)))),
              false));
    }
    return new AffectedWindows(windows);
  }

  /** The hours by their UTC month, which its first day names. */
  SortedMap<LocalDate, SortedSet<Instant>> byMonth() {
    SortedMap<LocalDate, SortedSet<Instant>> months = new TreeMap<>();
    for (AffectedWindow window : byHour) {
      LocalDate date = LocalDate.ofInstant(window.hourStart(), ZoneOffset.UTC);
      months
          .computeIfAbsent(date.withDayOfMonth(1), key -> new TreeSet<>())
          .add(window.hourStart());
    }
    return months;
  }
}
