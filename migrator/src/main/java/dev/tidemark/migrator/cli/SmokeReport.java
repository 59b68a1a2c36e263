package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import dev.tidemark.migrator.smoke.SmokeResult;
import dev.tidemark.migrator.smoke.SmokeResult.Trial;
import java.util.LinkedHashMap;
import java.util.Map;

/** What came of applying, rolling back and applying again. */
record SmokeReport(SmokeResult result) implements Result {
  @Override
  public String text() {
    TextTable table =
        new TextTable("", "version", "change set", "apply", "rollback", "longest stall");
    StringBuilder differences = new StringBuilder();
    for (Trial trial : result.trials()) {
      table.row(
          trial.differences().isEmpty() ? "✓" : "!",
          trial.version(),
          trial.description(),
          trial.applyMillis() + " ms",
          trial.rollbackMillis() + " ms",
          trial.longestStallMillis() + " ms");
      for (String difference : trial.differences()) {
        differences.append("\n").append(trial.version()).append(" ").append(difference);
      }
    }
    long failed = result.trials().stream().filter(t -> !t.differences().isEmpty()).count();
    return "%s\n%s\n%d change sets went forward, back and forward again, with rows in %d tables; %d differ."
        .formatted(table, differences, result.trials().size(), result.tablesWithRows(), failed);
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("passed", result.passed());
    json.put("tables_with_rows", result.tablesWithRows());
    json.put("change_sets", result.trials().stream().map(SmokeReport::json).toList());
    return json;
  }

  private static Map<String, Object> json(Trial trial) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", trial.version());
    json.put("description", trial.description());
    json.put("apply_ms", trial.applyMillis());
    json.put("rollback_ms", trial.rollbackMillis());
    json.put("longest_stall_ms", trial.longestStallMillis());
    json.put("differences", trial.differences());
    return json;
  }
}
