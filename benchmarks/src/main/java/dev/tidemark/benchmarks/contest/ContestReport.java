package dev.tidemark.benchmarks.contest;

import static dev.tidemark.benchmarks.contest.Figures.median;
import static dev.tidemark.benchmarks.contest.Figures.rounded;
import static dev.tidemark.benchmarks.contest.Figures.shown;

import dev.tidemark.benchmarks.machine.Machine;
import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The figures of a benchmark: costs of contestants, their ratios, goals. */
public final class ContestReport implements Result {
  private final String bench;
  private final double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  private final Machine machine = Machine.here();
  private final List<Contestant> contestants = new ArrayList<>();
  private final Map<String, Ratio> ratios = new LinkedHashMap<>();
  private final List<Goal> goals = new ArrayList<>();
  private final Map<String, Object> more = new LinkedHashMap<>();

  /** Begin with it: it notes the load of the machine before the benchmark. */
  public ContestReport(String bench) {
    this.bench = bench;
  }

  /** Shows contestants, in this order. */
  public ContestReport contestants(Contestant... those) {
    contestants.addAll(List.of(those));
    return this;
  }

  /** Shows a ratio that no goal is set for. */
  public ContestReport ratio(Ratio ratio) {
    ratios.put(ratio.name(), ratio);
    return this;
  }

  /** Shows a ratio that is to be small. */
  public ContestReport atMost(double bound, Ratio ratio) {
    return ratio(ratio).goal(ratio.atMost(bound));
  }

  /** Shows a ratio that is to be large. */
  public ContestReport atLeast(double bound, Ratio ratio) {
    return ratio(ratio).goal(ratio.atLeast(bound));
  }

  /** Shows what was to be reached. */
  public ContestReport goal(Goal goal) {
    goals.add(goal);
    return this;
  }

  /** Something more for JSON, its key in snake_case. */
  public ContestReport with(String key, Object value) {
    more.put(key, value);
    return this;
  }

  @Override
  public String text() {
    TextTable costs =
        new TextTable("", "median s", "least s", "most s", "processor s", "least", "most", "MiB");
    for (Contestant one : contestants) {
      List<Double> wall = one.wallSeconds();
      List<Double> cpu = one.cpuSeconds();
      costs.row(
          one.name(),
          shown(median(wall)),
          shown(Collections.min(wall)),
          shown(Collections.max(wall)),
          shown(median(cpu)),
          shown(Collections.min(cpu)),
          shown(Collections.max(cpu)),
          one.peakMebibytes());
    }
    TextTable judged = new TextTable("", "measured", "goal", "");
    goals.forEach(
        goal ->
            judged.row(goal.what(), goal.measured(), goal.bound(), goal.met() ? "✓" : "missed"));
    StringBuilder text = new StringBuilder();
    text.append("%s%nload average before %.2f%n%n%s".formatted(machine.text(), load, costs));
    ratios.values().stream()
        .filter(ratio -> goals.stream().noneMatch(goal -> goal.what().startsWith(ratio.name())))
        .forEach(ratio -> judged.row(ratio.name(), shown(ratio.median()), "", ""));
    more.forEach((key, value) -> judged.row(key, String.valueOf(value), "", ""));
    return text.append("%n%n%s".formatted(judged)).toString();
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("bench", bench);
    json.put("machine", machine.json());
    json.put("load_average", rounded(load));
    Map<String, Object> costs = new LinkedHashMap<>();
    contestants.forEach(one -> costs.put(one.name(), one.json()));
    json.put("contestants", costs);
    Map<String, Object> medians = new LinkedHashMap<>();
    Map<String, Object> pairs = new LinkedHashMap<>();
    ratios.forEach(
        (name, ratio) -> {
          medians.put(name, rounded(ratio.median()));
          pairs.put(name, ratio.pairs().stream().map(Figures::rounded).toList());
        });
    json.put("ratios", medians);
    json.put("ratio_pairs", pairs);
    json.put(
        "goals",
        goals.stream()
            .map(
                goal -> {
                  Map<String, Object> one = new LinkedHashMap<>();
                  one.put("what", goal.what());
                  one.put("measured", goal.measured());
                  one.put("bound", goal.bound());
                  one.put("met", goal.met());
                  return one;
                })
            .toList());
    json.putAll(more);
    return json;
  }
}
