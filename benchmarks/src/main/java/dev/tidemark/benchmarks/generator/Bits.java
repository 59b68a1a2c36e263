package dev.tidemark.benchmarks.generator;

/** Random bits made from a number (SplitMix64's finalizer). */
final class Bits {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final double RESOLUTION = 1L << 53;

  private Bits() {}

  /** The bits of a number in one of many sequences. */
  static long of(long number, int sequence) {
    return mix(mix(number * GOLDEN + sequence) + GOLDEN);
  }

  static long mix(long value) {
    long mixed = value;
    mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
    return mixed ^ mixed >>> 31;
  }

  /** From 0, below 1. */
  static double uniform(long bits) {
    return (bits >>> 11) / RESOLUTION;
  }
}
