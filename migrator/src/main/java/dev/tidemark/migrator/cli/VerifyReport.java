package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import dev.tidemark.migrator.operation.VerifyResult;
import dev.tidemark.migrator.operation.VerifyResult.Check;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What verify.sql of the applied change sets gave. */
record VerifyReport(VerifyResult result) implements Result {
  @Override
  public String text() {
    int mismatches = result.mismatches().size();
    String end =
        "%d statements executed, %d do not hold.".formatted(result.checks().size(), mismatches);
    List<Check> notable =
        result.checks().stream().filter(check -> check.found().isPresent()).toList();
    if (notable.isEmpty()) {
      return end;
    }
    TextTable table = new TextTable("", "change set", "line", "found");
    for (Check check : notable) {
      table.row(
          check.isMismatch() ? "!" : "·",
          check.version() + "_" + check.description(),
          check.line(),
          check.found().orElse("")
              + check.overtakenBy().map(by -> "; overtaken by " + by).orElse(""));
    }
    return table + "\n\n" + end;
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("mismatches", result.mismatches().size());
    json.put("checks", result.checks().stream().map(VerifyReport::json).toList());
    return json;
  }

  private static Map<String, Object> json(Check check) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", check.version());
    json.put("description", check.description());
    json.put("line", check.line());
    json.put("holds", check.found().isEmpty());
    json.put("found", check.found().orElse(null));
    json.put("overtaken_by", check.overtakenBy().orElse(null));
    return json;
  }
}
