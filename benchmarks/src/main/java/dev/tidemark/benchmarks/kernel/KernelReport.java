package dev.tidemark.benchmarks.kernel;

import static dev.tidemark.benchmarks.contest.Figures.rounded;
import static dev.tidemark.benchmarks.contest.Figures.shown;

import dev.tidemark.benchmarks.machine.Machine;
import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What each stage takes. */
record KernelReport(List<Stage> stages) implements Result {
  /**
   * A stage.
   *
   * @param nanos mean of one
   * @param error half of the mean's interval of 99.9 % confidence
   */
  record Stage(String name, double nanos, double error) {}

  @Override
  public String text() {
    TextTable table = new TextTable("stage", "ns", "± ns");
    stages.forEach(stage -> table.row(stage.name(), shown(stage.nanos()), shown(stage.error())));
    return Machine.here().text() + "\n\n" + table;
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("bench", "kernel");
    json.put("machine", Machine.here().json());
    json.put("contestants", Map.of());
    json.put("ratios", Map.of());
    Map<String, Object> byName = new LinkedHashMap<>();
    for (Stage stage : stages) {
      byName.put(
          stage.name(), Map.of("ns", rounded(stage.nanos()), "error_ns", rounded(stage.error())));
    }
    json.put("stages", byName);
    return json;
  }
}
