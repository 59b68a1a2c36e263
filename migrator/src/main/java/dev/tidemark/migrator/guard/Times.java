package dev.tidemark.migrator.guard;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times for people. */
final class Times {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

  private Times() {}

  /** Such as {@code 2026-11-25 10:00 UTC}. */
  static String words(Instant time) {
    return MINUTE.format(time);
  }

  /** Such as {@code 7 days}, {@code 2 d 4 h}, {@code 90 s}; rounded down. */
  static String words(Duration duration) {
    long days = duration.toDays();
    if (days > 0) {
      int hours = duration.toHoursPart();
      return hours == 0 ? days + (days == 1 ? " day" : " days") : days + " d " + hours + " h";
    }
    if (duration.toHours() > 0) {
      return duration.toHours() + " h " + duration.toMinutesPart() + " min";
    }
    if (duration.toMinutes() >= 2) {
      return duration.toMinutes() + " min";
    }
    return duration.toSeconds() > 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
  }

  /** Such as {@code 12.3 GiB}. */
  static String bytes(long bytes) {
    String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " bytes" : "%.1f %s".formatted(value, units[unit]);
  }
}
