package dev.tidemark.migrator.governor;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * How much slower a server answers than by itself: the 95th percentile of the last latencies
 * against the baseline, which is that of those measured while the job was not at work.
 *
 * <p>The baseline follows a busier server slowly, by a twentieth each window, so that what the job
 * leaves behind, such as pages to write, is not taken for normal. Pure arithmetic; not thread-safe.
 */
final class LatencyRatio {
  private static final double RISE = 0.05;
  private static final int RENEW = 50;

  private final double[] recent;
  private final double[] quiet;
  private long measured;
  private long measuredQuiet;
  private double baseline = Double.NaN;

  /**
   * A ratio over so many latencies.
   *
   * @param recentWindow how many of the last ones count
   * @param quietWindow how many measured without the job make a baseline; so many as to hold what
   *     comes and goes with the load of others
   */
  LatencyRatio(int recentWindow, int quietWindow) {
    this.recent = new double[recentWindow];
    this.quiet = new double[quietWindow];
  }

  /** Adds a latency, in any unit. */
  void add(double latency, boolean atWork) {
    recent[(int) (measured++ % recent.length)] = latency;
    if (!atWork) {
      quiet[(int) (measuredQuiet++ % quiet.length)] = latency;
      if (measuredQuiet % RENEW == 0) {
        double[] all = quiet();
        double now = percentile95(all);
        baseline =
            Double.isNaN(baseline)
                ? now
                : Math.min(now, baseline * (1 + RISE * RENEW / all.length));
      }
    }
  }

  /** The ratio; empty until there is a baseline and enough to compare with it. */
  OptionalDouble ratio() {
    return measured < recent.length || Double.isNaN(baseline) || baseline <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(percentile95(recent) / baseline);
  }

  /** What is normal, in the unit of the latencies; not a number until it is known. */
  double baseline() {
    return baseline;
  }

  /** Which part of the latencies without the job is at least so long. */
  double quietFrom(double latency) {
    double[] all = quiet();
    return (double) Arrays.stream(all).filter(one -> one >= latency).count() / all.length;
  }

  private double[] quiet() {
    return Arrays.copyOf(quiet, (int) Math.min(measuredQuiet, quiet.length));
  }

  /** The nearest rank. */
  private static double percentile95(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.ceil(sorted.length * 0.95) - 1];
  }
}
