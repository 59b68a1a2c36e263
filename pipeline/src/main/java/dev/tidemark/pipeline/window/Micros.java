package dev.tidemark.pipeline.window;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;

/** Instants as microseconds since the epoch. */
public final class Micros {
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendLiteral('T')
          .appendValue(ChronoField.HOUR_OF_DAY, 2)
          .optionalStart()
          .appendLiteral(':')
          .appendValue(ChronoField.MINUTE_OF_HOUR, 2)
          .optionalStart()
          .appendLiteral(':')
          .appendValue(ChronoField.SECOND_OF_MINUTE, 2)
          .optionalStart()
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
          .optionalEnd()
          .optionalEnd()
          .optionalEnd()
          .optionalStart()
          .appendOffsetId()
          .optionalEnd()
          .optionalEnd()
          .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
          .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
          .parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0)
          .toFormatter()
          .withResolverStyle(ResolverStyle.STRICT);

  private Micros() {}

  /**
   * Reads a time as a user gives it: ISO-8601, a date alone ({@code 2026-11-21}, its first
   * microsecond) or a date and a time down to the microsecond ({@code 2026-11-21T09}, {@code
   * 2026-11-21T09:30:00.25Z}, {@code 2026-11-21T10:30+01:00}). Without an offset it is UTC.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static long parse(String text) {
    try {
      TemporalAccessor parsed = TIME.parseBest(text.strip(), OffsetDateTime::from, Micros::utc);
      return of(((OffsetDateTime) parsed).toInstant());
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" is not a time; give ISO-8601, such as 2026-11-21, 2026-11-21T09:30 or"
              + " 2026-11-21T09:30:00Z, to the microsecond at most (UTC where no offset is given)",
          e);
    }
  }

  /**
   * An instant in microseconds, rounded down.
   *
   * @throws ArithmeticException if it is some 292,000 years or more away
   */
  public static long of(Instant instant) {
    // Not ChronoUnit.MICROS.between: on JDK 17 that goes through nanoseconds, which end in 2262
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
  }

  /** The instant that lies so many microseconds after the epoch. */
  public static Instant toInstant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static OffsetDateTime utc(TemporalAccessor parsed) {
    return LocalDateTime.from(parsed).atOffset(ZoneOffset.UTC);
  }
}
