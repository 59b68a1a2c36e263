package dev.tidemark.migrator.partition;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAdjusters;

/** How much time a partition covers, by the calendar in UTC. */
enum Width {
  /** Monday to Monday. */
  WEEK("week", "uuuuMMdd") {
    @Override
    LocalDate first(LocalDate day) {
      return day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    }

    @Override
    LocalDate next(LocalDate first) {
      return first.plusWeeks(1);
    }
  },
  /** The first of a month to the first of the next. */
  MONTH("month", "uuuuMM") {
    @Override
    LocalDate first(LocalDate day) {
      return day.withDayOfMonth(1);
    }

    @Override
    LocalDate next(LocalDate first) {
      return first.plusMonths(1);
    }
  };

  private final String unit;
  private final DateTimeFormatter suffix;

  Width(String unit, String suffix) {
    this.unit = unit;
    this.suffix = DateTimeFormatter.ofPattern(suffix);
  }

  /** What Postgres calls it in {@code date_trunc}. */
  String unit() {
    return unit;
  }

  /** When the period begins that an instant lies in. */
  Instant start(Instant instant) {
    return instant(first(LocalDate.ofInstant(instant, ZoneOffset.UTC)));
  }

  /** When the period ends that begins at {@code start}. */
  Instant end(Instant start) {
    return instant(next(LocalDate.ofInstant(start, ZoneOffset.UTC)));
  }

  /** The end of the name of the partition that begins at {@code start}. */
  String suffix(Instant start) {
    return suffix.format(LocalDate.ofInstant(start, ZoneOffset.UTC));
  }

  abstract LocalDate first(LocalDate day);

  abstract LocalDate next(LocalDate first);

  private static Instant instant(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
