package dev.tidemark.pipeline.histogram;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Mapping version 1 of whole milliseconds to buckets: DDSketch's logarithmic mapping with relative
 * accuracy 0.01 (Masson, Rim, Lee: DDSketch, VLDB 2019), brought down to integers.
 *
 * <p>Bucket 0 holds 0 alone; bucket {@code b} holds the integers over the bound of {@code b - 1} up
 * to its own bound. The bounds are the distinct values of ⌊γ^i⌋ with γ = 1.01 / 0.99 (EX-19); they
 * come from a file, so that no rounding of another machine or release can move one. A bucket of one
 * integer, as all below 58 are, is exact.
 */
public final class LatencyBuckets {
  /** The first byte of every histogram of this mapping. */
  public static final int VERSION = 1;

  /** The highest latency that has a bucket, in milliseconds: 24 hours. */
  public static final int MAX_MILLIS = 86_400_000;

  private static final int[] BOUNDS = load("latency-bounds-1.txt");

  /** Bits of a value, from its highest, that pick a cell; a cell is narrower than any bucket. */
  private static final int CELL_BITS = 8;

  /** The lowest bucket with a value in the cell. */
  private static final short[] FIRST_OF_CELL = cells();

  private LatencyBuckets() {}

  /** How many buckets there are; they are numbered from 0. */
  public static int count() {
    return BOUNDS.length;
  }

  /**
   * The bucket of a latency.
   *
   * @throws IllegalArgumentException if it is negative or over {@link #MAX_MILLIS}
   */
  public static int indexOf(long millis) {
    if (millis < 0 || millis > MAX_MILLIS) {
      throw new IllegalArgumentException(
          "a latency of " + millis + " ms has no bucket; they reach from 0 to " + MAX_MILLIS);
    }
    int value = (int) millis;
    int first = FIRST_OF_CELL[cellOf(value)];
    return value > BOUNDS[first] ? first + 1 : first;
  }

  /** The lowest latency of a bucket, in milliseconds. */
  public static int lowest(int bucket) {
    return bucket == 0 ? 0 : BOUNDS[bucket - 1] + 1;
  }

  /** The highest latency of a bucket, in milliseconds. */
  public static int highest(int bucket) {
    return BOUNDS[bucket];
  }

  /**
   * The latency that stands for a bucket, in milliseconds: 2 · lowest · highest / (lowest +
   * highest), which is equally far from both ends in proportion to them, and at most 1 %.
   */
  public static double representative(int bucket) {
    double lowest = lowest(bucket);
    double highest = highest(bucket);
    return lowest == highest ? lowest : 2 * lowest * highest / (lowest + highest);
  }

  /** Values under 2^CELL_BITS have a cell each; above, 2^(CELL_BITS - 1) cells an octave. */
  private static int cellOf(int value) {
    int shift = Math.max(0, Integer.SIZE - CELL_BITS - Integer.numberOfLeadingZeros(value));
    return (shift << (CELL_BITS - 1)) + (value >>> shift);
  }

  private static short[] cells() {
    short[] cells = new short[cellOf(MAX_MILLIS) + 1];
    int cell = -1;
    for (int bucket = 0; bucket < BOUNDS.length; bucket++) {
      int last = cellOf(BOUNDS[bucket]);
      while (cell < last) {
        cells[++cell] = (short) bucket;
      }
    }
    return cells;
  }

  private static int[] load(String resource) {
    try (InputStream stream = LatencyBuckets.class.getResourceAsStream(resource);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(stream, StandardCharsets.US_ASCII))) {
      return reader.lines().mapToInt(Integer::parseInt).toArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
