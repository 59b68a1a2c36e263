package dev.tidemark.benchmarks.generator;

import java.util.Arrays;

/** Draws ranks whose probability falls with their number: that of rank k is proportional to 1/k. */
public final class Zipf {
  private static final double RESOLUTION = 1L << 53;

  private final double[] cumulated;

  /**
   * @param ranks how many there are
   */
  public Zipf(int ranks) {
    cumulated = new double[ranks];
    double sum = 0;
    for (int rank = 0; rank < ranks; rank++) {
      sum += 1.0 / (rank + 1);
      cumulated[rank] = sum;
    }
    for (int rank = 0; rank < ranks; rank++) {
      cumulated[rank] /= sum;
    }
  }

  /**
   * The rank that random bits stand for.
   *
   * @return counted from 0, the most probable
   */
  public int rank(long bits) {
    double uniform = (bits >>> 11) / RESOLUTION;
    int place = Arrays.binarySearch(cumulated, uniform);
    int rank = place >= 0 ? place + 1 : -place - 1;
    return Math.min(rank, cumulated.length - 1);
  }
}
