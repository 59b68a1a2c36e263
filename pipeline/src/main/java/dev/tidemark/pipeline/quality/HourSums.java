package dev.tidemark.pipeline.quality;

import java.util.List;

/**
 * What an hour is judged by.
 *
 * @param measures sums in the order of {@link #MEASURES}
 * @param broken how often each condition is broken, in their order
 */
public record HourSums(List<Long> measures, List<Long> broken) {
  /** What is summed up; the last is the mass of the latency histograms. */
  public static final List<String> MEASURES =
      List.of(
          "requests",
          "errors",
          "input_tokens",
          "cached_input_tokens",
          "output_tokens",
          "cost_nano_usd",
          "latencies");

  /** Name of the hour's start in a condition. */
  public static final String WINDOW_START = "hour_start";

  /** Name of the share of errors among requests in a condition. */
  public static final String ERROR_RATE = "error_rate";

  /** Copies both lists. */
  public HourSums {
    measures = List.copyOf(measures);
    broken = List.copyOf(broken);
  }

  /** Of an hour whose conditions are not known. */
  static HourSums of(long requests, long errors) {
    return new HourSums(List.of(requests, errors), List.of());
  }

  double figure(String measure) {
    long requests = measures.get(0);
    long errors = measures.get(1);
    return measure.equals(ERROR_RATE) ? (double) errors / Math.max(1, requests) : requests;
  }

  long requests() {
    return measures.get(0);
  }
}
