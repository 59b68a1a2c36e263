package dev.tidemark.benchmarks.contest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the counted runs of one contestant cost, in order. */
public final class Contestant {
  private final String name;
  private final List<Cost> costs = new ArrayList<>();

  /** A contestant who has not run yet. */
  public Contestant(String name) {
    this.name = name;
  }

  /** Counts a run. */
  void add(Cost cost) {
    costs.add(cost);
  }

  /** Its name in JSON. */
  public String name() {
    return name;
  }

  /** Wall time of each counted run, in order. */
  public List<Double> wallSeconds() {
    return costs.stream().map(Cost::wallSeconds).toList();
  }

  /** Processor time of each counted run, in order. */
  public List<Double> cpuSeconds() {
    return costs.stream().map(Cost::cpuSeconds).toList();
  }

  /** The most memory that one run held. */
  public long peakMebibytes() {
    return costs.stream().mapToLong(Cost::peakBytes).max().orElse(0) >> 20;
  }

  /** What JSON says of it. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("wall_s", wallSeconds().stream().map(Figures::rounded).toList());
    json.put("cpu_s", cpuSeconds().stream().map(Figures::rounded).toList());
    json.put("peak_mib", peakMebibytes());
    return json;
  }
}
