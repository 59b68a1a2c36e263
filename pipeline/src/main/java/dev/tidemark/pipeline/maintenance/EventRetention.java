package dev.tidemark.pipeline.maintenance;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeHistory;
import dev.tidemark.pipeline.lake.LakeTable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets landed events go when they are old enough and counted (EX-21). Their dates are frozen: the
 * rollups keep what they hold of them, and the door quarantines what comes later.
 */
final class EventRetention {
  private static final Logger LOG = LoggerFactory.getLogger(EventRetention.class);
  private static final String DATE = "event_date";

  private final Lake lake;
  private final LakeHistory history;
  private final long days;

  /**
   * Retention of a lake's events.
   *
   * @param days how many whole dates are kept
   */
  EventRetention(Lake lake, LakeHistory history, long days) {
    this.lake = Objects.requireNonNull(lake);
    this.history = Objects.requireNonNull(history);
    this.days = days;
  }

  /**
   * Moves the horizon, if it is time.
   *
   * @param dryRun only tell where it would be
   */
  Optional<MaintenanceReport.Retired> run(boolean dryRun, Instant now) {
    LakeTable events = lake.usageEvents();
    if (dryRun) {
      return horizon(events, events.version(), now)
          .filter(date -> events.horizon().filter(held -> !date.isAfter(held)).isEmpty())
          .map(date -> new MaintenanceReport.Retired(date, 0));
    }
    OptionalLong files = events.retire(DATE, version -> horizon(events, version, now));
    return files.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new MaintenanceReport.Retired(events.horizon().orElseThrow(), files.getAsLong()));
  }

  /**
   * Days are counted from today or the newest event, whichever is earlier, so that a clock that
   * runs ahead takes nothing; no date goes that holds what the hourly rollup has not counted.
   */
  private Optional<LocalDate> horizon(LakeTable events, long version, Instant now) {
    OptionalLong floor = lake.usageHourly().transactionVersion(history.hourlyFloorId());
    Optional<LocalDate> newest =
        events.files(DATE, 0).stream()
            .map(LakeTable.PartitionFiles::date)
            .max(LocalDate::compareTo);
    if (floor.isEmpty() || newest.isEmpty()) {
      return Optional.empty();
    }
    LocalDate today = earlier(LocalDate.ofInstant(now, ZoneOffset.UTC), newest.get());
    LocalDate horizon = today.plusDays(1).minusDays(days);
    try {
      TreeSet<LocalDate> uncounted = events.touchedDates(DATE, floor.getAsLong(), version);
      return Optional.of(uncounted.isEmpty() ? horizon : earlier(horizon, uncounted.first()));
    } catch (RuntimeException e) {
      LOG.info("No events are let go: what waits to be rolled up is not known: {}", e.toString());
      return Optional.empty();
    }
  }

  private static LocalDate earlier(LocalDate one, LocalDate other) {
    return one.isBefore(other) ? one : other;
  }
}
