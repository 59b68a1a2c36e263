package dev.tidemark.pipeline.window;

/** Days of UTC, each named by its number since 1970-01-01, as {@code DATE} columns hold it. */
public final class Days {
  /** The length of a day in microseconds. */
  public static final long MICROS = 24 * Hours.MICROS;

  private Days() {}

  /** The day that holds an instant given in microseconds since the epoch. */
  public static int of(long micros) {
    return Math.toIntExact(Math.floorDiv(micros, MICROS));
  }

  /** The first microsecond of a day. */
  public static long startOf(int epochDay) {
    return Math.multiplyExact((long) epochDay, MICROS);
  }
}
