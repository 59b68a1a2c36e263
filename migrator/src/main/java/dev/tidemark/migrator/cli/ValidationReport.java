package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.drift.Difference;
import dev.tidemark.migrator.rule.Finding;
import dev.tidemark.migrator.validation.ValidationResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whether a database is what its change sets make, and what is wrong if it is not. */
record ValidationReport(ValidationResult result) implements Result {
  private static final int LONGEST_LINE = 116;

  @Override
  public String text() {
    List<String> lines = new ArrayList<>();
    for (Difference difference : result.differences()) {
      lines.add("drift  " + shortened(difference.message()));
    }
    for (Finding finding : result.findings()) {
      String column = finding.column().map(name -> "." + name).orElse("");
      lines.add("%s  %s%s".formatted(finding.rule(), finding.table(), column));
      lines.add("  " + shortened(finding.message()) + ".");
      lines.add("  Remedy: " + shortened(finding.remedy()) + ".");
    }
    if (!lines.isEmpty()) {
      lines.add("");
    }
    if (!result.sameServerVersion()) {
      lines.add(
          "Definitions of views were not compared: the throw-away database is of another version\n"
              + "of Postgres. migrate.shadow-url may name a server of the same version.");
    }
    lines.add(summary());
    return String.join("\n", lines);
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", result.version().orElse(null));
    json.put("pending", result.pending());
    json.put("valid", result.valid());
    json.put("differences", result.differences().stream().map(ValidationReport::json).toList());
    json.put("findings", result.findings().stream().map(ValidationReport::json).toList());
    return json;
  }

  private String summary() {
    String version =
        result.version().map(v -> "the change sets up to " + v).orElse("no change set at all");
    if (result.valid()) {
      return "The schema is what %s make%s of it, and keeps the rules of design; %d pending."
          .formatted(version, result.version().isPresent() ? "" : "s", result.pending());
    }
    return "%d differences from %s, %d findings of design rules; %d change sets pending."
        .formatted(
            result.differences().size(), version, result.findings().size(), result.pending());
  }

  private static Map<String, Object> json(Difference difference) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("kind", difference.kind());
    json.put("object", difference.object());
    json.put("property", difference.property().orElse(null));
    json.put("expected", difference.expected().orElse(null));
    json.put("found", difference.found().orElse(null));
    json.put("message", difference.message());
    return json;
  }

  private static Map<String, Object> json(Finding finding) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rule", finding.rule());
    json.put("level", "error");
    json.put("table", finding.table());
    json.put("column", finding.column().orElse(null));
    json.put("message", finding.message());
    json.put("remedy", finding.remedy());
    return json;
  }

  private static String shortened(String line) {
    return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE - 2) + " …";
  }
}
