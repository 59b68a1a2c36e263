package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import dev.tidemark.migrator.operation.OperationResult;
import dev.tidemark.migrator.operation.Step;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What apply or rollback did. */
record OperationReport(String verb, OperationResult result) implements Result {
  @Override
  public String text() {
    String end =
        result
            .version()
            .map(version -> "The schema is at " + version + ".")
            .orElse("No change set is applied.");
    if (result.steps().isEmpty()) {
      return "Nothing to do. " + end;
    }
    TextTable table = new TextTable("version", verb, "statements", "time");
    for (Step step : result.steps()) {
      table.row(step.version(), step.description(), step.statements(), step.milliseconds() + " ms");
    }
    return table + "\n\n" + end;
  }

  @Override
  public Object json() {
    List<Map<String, Object>> steps = result.steps().stream().map(OperationReport::json).toList();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put(verb.replace(' ', '_'), steps);
    json.put("version", result.version().orElse(null));
    return json;
  }

  private static Map<String, Object> json(Step step) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", step.version());
    json.put("description", step.description());
    json.put("statements", step.statements());
    json.put("duration_ms", step.milliseconds());
    return json;
  }
}
