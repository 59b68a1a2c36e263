package dev.tidemark.benchmarks.generator;

/**
 * Draws whole numbers whose logarithm is normally distributed, from a table of quantiles made with
 * {@link StrictMath}, so that every machine draws the same.
 */
final class LogNormal {
  private static final int CELL_BITS = 14;

  private final long[] quantiles = new long[1 << CELL_BITS];

  /**
   * @param median of the numbers
   * @param sigma of their logarithms
   * @param most what is drawn at most
   */
  LogNormal(double median, double sigma, long most) {
    for (int cell = 0; cell < quantiles.length; cell++) {
      double normal = normal((cell + 0.5) / quantiles.length);
      quantiles[cell] = Math.min(most, StrictMath.round(median * StrictMath.exp(sigma * normal)));
    }
  }

  long draw(long bits) {
    return quantiles[(int) (bits >>> Long.SIZE - CELL_BITS)];
  }

  /** The standard normal distribution's quantile, by bisection of {@link #below}. */
  private static double normal(double probability) {
    double low = -8;
    double high = 8;
    for (int step = 0; step < 40; step++) {
      double middle = (low + high) / 2;
      if (below(middle) < probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  /** Abramowitz and Stegun 26.2.17; its error is below 1e-7. */
  private static double below(double x) {
    double t = 1 / (1 + 0.2316419 * Math.abs(x));
    double tail =
        StrictMath.exp(-x * x / 2)
            / StrictMath.sqrt(2 * Math.PI)
            * t
            * (0.319381530
                + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    return x > 0 ? 1 - tail : tail;
  }
}
