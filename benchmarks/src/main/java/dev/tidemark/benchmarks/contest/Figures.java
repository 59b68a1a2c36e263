package dev.tidemark.benchmarks.contest;

import java.util.List;
import java.util.Locale;

/** How figures are put together and shown. */
public final class Figures {
  private Figures() {}

  /** The one in the middle; of an even number, the mean of the two there. */
  public static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  /** For JSON: thousandths are enough. */
  public static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  /** For people. */
  public static String shown(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
