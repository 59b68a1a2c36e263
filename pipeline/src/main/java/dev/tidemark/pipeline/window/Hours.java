package dev.tidemark.pipeline.window;

/** Hours of UTC, each named by the microsecond since the epoch at which it starts (EX-18). */
public final class Hours {
  /** The length of an hour in microseconds. */
  public static final long MICROS = 3_600_000_000L;

  private Hours() {}

  /** The start of the hour that holds an instant; both in microseconds since the epoch. */
  public static long startOf(long micros) {
    return Math.multiplyExact(Math.floorDiv(micros, MICROS), MICROS);
  }
}
