package dev.tidemark.migrator.governor;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * How much slower a server answers than by itself: the 95th percentile of latencies as everybody
 * meets them, against the 95th percentile of those that were measured while the job was not at
 * work.
 *
 * <p>Everybody meets the pauses as well as the chunks. So what counts is the last cycle, a pause
 * and the chunk after it, however long they are: after a long chunk the last few latencies alone
 * would all be from within it, and no share of the time would look small enough.
 *
 * <p>The baseline follows a quieter server at once and a busier one slowly, by a twentieth each
 * window, so that what the job leaves behind, such as pages to write, is not taken for normal. Pure
 * and not thread-safe.
 */
final class LatencyRatio {
  private static final double RISE = 0.05;

  /** So many of a cycle are kept; of a longer one every second, every fourth and so on. */
  private static final int MOST_OF_CYCLE = 1 << 15;

  private final double[] recent;
  private final double[] quiet;
  private Cycle cycle = new Cycle();
  private Cycle lastCycle = new Cycle();
  private boolean wasAtWork;
  private long measured;
  private long measuredQuiet;
  private double baseline = Double.NaN;

  /**
   * A ratio over so many latencies.
   *
   * @param recentWindow how many of the last ones count
   * @param quietWindow how many measured without the job make a baseline
   */
  LatencyRatio(int recentWindow, int quietWindow) {
    this.recent = new double[recentWindow];
    this.quiet = new double[quietWindow];
  }

  /** Adds a latency, in any unit. */
  void add(double latency, boolean atWork) {
    recent[(int) (measured++ % recent.length)] = latency;
    if (wasAtWork && !atWork) {
      lastCycle = cycle;
      cycle = new Cycle();
    }
    wasAtWork = atWork;
    cycle.add(latency, atWork);
    if (!atWork) {
      quiet[(int) (measuredQuiet++ % quiet.length)] = latency;
      if (measuredQuiet % quiet.length == 0) {
        double now = percentile95(quiet);
        baseline =
            Double.isNaN(baseline) || now < baseline ? now : Math.min(now, baseline * (1 + RISE));
      }
    }
  }

  /**
   * The ratio over the last cycle, or over the last few latencies where those are more; empty until
   * there is a baseline and enough to compare with it.
   */
  OptionalDouble ratio() {
    Cycle whole = cycle.worked ? cycle : lastCycle;
    return whole.size >= recent.length ? ratio(whole.latencies()) : now();
  }

  /** The ratio over the last few latencies; empty as {@link #ratio} is. */
  OptionalDouble now() {
    return ratio(recent);
  }

  private OptionalDouble ratio(double[] latencies) {
    return measured < recent.length || Double.isNaN(baseline) || baseline <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(percentile95(latencies) / baseline);
  }

  /** What is normal, in the unit of the latencies; not a number until it is known. */
  double baseline() {
    return baseline;
  }

  /** The nearest rank. */
  private static double percentile95(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.ceil(sorted.length * 0.95) - 1];
  }

  /** Latencies from the end of a chunk to the end of the next one. */
  private static final class Cycle {
    private double[] kept = new double[1 << 7];
    private int size;
    private long every = 1;
    private long added;
    private boolean worked;

    private void add(double latency, boolean atWork) {
      worked |= atWork;
      if (added++ % every != 0) {
        return;
      }
      if (size == MOST_OF_CYCLE) {
        for (int i = 0; i < size / 2; i++) {
          kept[i] = kept[2 * i];
        }
        size /= 2;
        every *= 2;
      }
      if (size == kept.length) {
        kept = Arrays.copyOf(kept, size * 2);
      }
      kept[size++] = latency;
    }

    private double[] latencies() {
      return Arrays.copyOf(kept, size);
    }
  }
}
