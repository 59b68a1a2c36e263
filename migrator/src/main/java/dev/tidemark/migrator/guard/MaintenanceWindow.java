package dev.tidemark.migrator.guard;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Hours of the week in which what is risky may run.
 *
 * @param days on which it opens; none means that it is always open
 * @param from when it opens, local time
 * @param to when it closes; if that is not later than {@code from}, it does so on the day after
 * @param zone whose local time counts
 */
record MaintenanceWindow(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {

  /** Whether it is open; the moment of closing does not count. */
  boolean isOpen(Instant now) {
    if (days.isEmpty()) {
      return true;
    }
    LocalDate today = now.atZone(zone).toLocalDate();
    return isOpen(now, today) || isOpen(now, today.minusDays(1));
  }

  private boolean isOpen(Instant now, LocalDate day) {
    return days.contains(day.getDayOfWeek())
        && !now.isBefore(opens(day))
        && now.isBefore(closes(day));
  }

  /** When it opens next after a time at which it is closed. */
  ZonedDateTime nextOpening(Instant now) {
    LocalDate day = now.atZone(zone).toLocalDate();
    while (!days.contains(day.getDayOfWeek()) || !opens(day).isAfter(now)) {
      day = day.plusDays(1);
    }
    return ZonedDateTime.of(day, from, zone);
  }

  private Instant opens(LocalDate day) {
    return ZonedDateTime.of(day, from, zone).toInstant();
  }

  private Instant closes(LocalDate day) {
    LocalDate last = to.isAfter(from) ? day : day.plusDays(1);
    return ZonedDateTime.of(last, to, zone).toInstant();
  }

  /** Such as {@code Sat, Sun 22:00–04:00 Europe/Berlin}. */
  String words() {
    String names =
        days.stream()
            .sorted()
            .map(day -> day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH))
            .collect(Collectors.joining(", "));
    return "%s %s–%s %s".formatted(names, from, to, zone);
  }
}
