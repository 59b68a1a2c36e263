package dev.tidemark.pipeline.window;

import java.time.Instant;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The instants from one, included, to another, excluded; in microseconds since the epoch. It is
 * never empty.
 *
 * @param from the first microsecond
 * @param to the first microsecond that is not in the range any more
 */
public record TimeRange(long from, long to) {
  /**
   * @throws IllegalArgumentException if {@code to} is not after {@code from}
   */
  public TimeRange {
    if (to <= from) {
      throw new IllegalArgumentException(
          "a range of time ends after it begins, but this one is to run from "
              + Micros.toInstant(from)
              + " to "
              + Micros.toInstant(to)
              + (to == from ? ", which holds nothing" : "; swap the two"));
    }
  }

  /**
   * A range between two times as {@link Micros#parse} reads them.
   *
   * @throws IllegalArgumentException if either is not a time or the range is empty or reversed
   */
  public static TimeRange parse(String from, String to) {
    return new TimeRange(Micros.parse(from), Micros.parse(to));
  }

  /**
   * This range, if it has begun.
   *
   * @throws IllegalArgumentException if all of it lies in the future, where nothing is to be found
   */
  public TimeRange begunBy(Instant now) {
    if (from > Micros.of(now)) {
      throw new IllegalArgumentException(
          "the range from "
              + Micros.toInstant(from)
              + " on lies in the future: it is "
              + now
              + " by this machine's clock");
    }
    return this;
  }

  /** The hour that starts at an instant in microseconds. */
  public static TimeRange ofHour(long hourStart) {
    return new TimeRange(hourStart, Math.addExact(hourStart, Hours.MICROS));
  }

  /** A day, given by its number since 1970-01-01. */
  public static TimeRange ofDay(int epochDay) {
    return new TimeRange(Days.startOf(epochDay), Days.startOf(Math.addExact(epochDay, 1)));
  }

  /** Whether an instant lies in the range. */
  public boolean contains(long micros) {
    return from <= micros && micros < to;
  }

  /** The starts of the hours that share an instant with the range, in order. */
  public LongStream hours() {
    long last = Hours.startOf(to - 1);
    return LongStream.iterate(
        Hours.startOf(from), hour -> hour <= last, hour -> hour + Hours.MICROS);
  }

  /** The days that share an instant with the range, in order, as days since 1970-01-01. */
  public IntStream days() {
    return IntStream.rangeClosed(Days.of(from), Days.of(to - 1));
  }

  /** The smallest range of whole hours around this one. */
  public TimeRange toWholeHours() {
    return new TimeRange(Hours.startOf(from), Math.addExact(Hours.startOf(to - 1), Hours.MICROS));
  }

  /** The smallest range of whole days around this one. */
  public TimeRange toWholeDays() {
    return new TimeRange(
        Days.startOf(Days.of(from)), Days.startOf(Math.addExact(Days.of(to - 1), 1)));
  }

  @Override
  public String toString() {
    return "[" + Micros.toInstant(from) + ", " + Micros.toInstant(to) + ")";
  }
}
