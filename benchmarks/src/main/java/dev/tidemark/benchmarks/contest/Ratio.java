package dev.tidemark.benchmarks.contest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * One contestant's costs divided by another's, run by run.
 *
 * @param name in JSON
 * @param pairs in the order of the runs
 */
public record Ratio(String name, List<Double> pairs) {
  /** Of wall times. */
  public static Ratio ofWall(String name, Contestant ours, Contestant theirs) {
    return of(name, ours, theirs, Contestant::wallSeconds);
  }

  /** Of processor times. */
  public static Ratio ofCpu(String name, Contestant ours, Contestant theirs) {
    return of(name, ours, theirs, Contestant::cpuSeconds);
  }

  private static Ratio of(
      String name, Contestant ours, Contestant theirs, Function<Contestant, List<Double>> measure) {
    List<Double> pairs = new ArrayList<>();
    List<Double> dividends = measure.apply(ours);
    List<Double> divisors = measure.apply(theirs);
    for (int run = 0; run < dividends.size(); run++) {
      pairs.add(dividends.get(run) / divisors.get(run));
    }
    return new Ratio(name, List.copyOf(pairs));
  }

  /** That of the pairs. */
  public double median() {
    return Figures.median(pairs);
  }

  /** Judges the median. */
  public Goal atMost(double bound) {
    return goal("at most " + bound, median() <= bound);
  }

  /** Judges the median. */
  public Goal atLeast(double bound) {
    return goal("at least " + bound, median() >= bound);
  }

  private Goal goal(String bound, boolean met) {
    String what =
        "%s, median of %d pairs (%s to %s)"
            .formatted(
                name,
                pairs.size(),
                Figures.shown(Collections.min(pairs)),
                Figures.shown(Collections.max(pairs)));
    return new Goal(what, Figures.shown(median()), bound, met);
  }
}
