package dev.tidemark.pipeline.anomaly;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * What a figure usually is, by its own past: the median, and a spread that a few wild values do not
 * move. A figure is unusual whose modified z-score (Iglewicz and Hoaglin, 1993) is above a
 * threshold; they recommend 3.5.
 *
 * @param expected median of the past
 * @param spread the standard deviation that the past suggests: 1.4826 times the median distance
 *     from the median, but never less than the noise of counting and than a floor
 */
public record RobustBaseline(double expected, double spread) {
  /** Makes the median distance of normally distributed values their standard deviation. */
  private static final double NORMAL = 1.4826;

  /**
   * The baseline of a past.
   *
   * @param past figures in any order
   * @param least how many of them are needed; with fewer there is no baseline
   * @param noise standard deviation that counting alone gives a figure, by its median
   * @param floor above 0
   */
  public static Optional<RobustBaseline> of(
      double[] past, int least, DoubleUnaryOperator noise, double floor) {
    if (past.length < Math.max(1, least)) {
      return Optional.empty();
    }
    double median = median(past);
    double distance = median(Arrays.stream(past).map(each -> Math.abs(each - median)).toArray());
    double spread = Math.max(NORMAL * distance, Math.max(noise.applyAsDouble(median), floor));
    return Optional.of(new RobustBaseline(median, spread));
  }

  /** How many spreads a figure lies above what is usual; below, the score is negative. */
  public double score(double figure) {
    return (figure - expected) / spread;
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1
        ? sorted[middle]
        : sorted[middle - 1] + (sorted[middle] - sorted[middle - 1]) / 2;
  }
}
