package dev.tidemark.jobs.check;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import dev.tidemark.pipeline.check.CheckReport;
import dev.tidemark.pipeline.quality.Outcome;
import dev.tidemark.pipeline.quality.QualityRule;
import dev.tidemark.pipeline.quality.QualityRules;
import dev.tidemark.pipeline.quality.Verdict;
import dev.tidemark.pipeline.window.Micros;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What a check found.
 *
 * @param report its verdicts
 * @param rules by which was judged
 */
record CheckResult(CheckReport report, QualityRules rules) implements Result {
  private static final int SHOWN = 50;

  @Override
  public String text() {
    if (rules.isEmpty()) {
      return "There is no quality rule: quality.rules names a file of them." + held();
    }
    TextTable table =
        new TextTable(
            "rule", "severity", "passed", "failed", "released", "unknown", "what it asks");
    for (QualityRule rule : rules.all()) {
      table.row(
          rule.name(),
          rule.severity().label(),
          count(rule, Outcome.PASSED),
          count(rule, Outcome.FAILED),
          count(rule, Outcome.RELEASED),
          count(rule, Outcome.UNKNOWN),
          rule.description().isEmpty() ? rule.check().text() : rule.description());
    }
    return "Hours from %s to %s.\n\n%s%s%s"
        .formatted(
            Micros.toInstant(report.hours().from()),
            Micros.toInstant(report.hours().to()),
            table,
            failures(),
            held());
  }

  private long count(QualityRule rule, Outcome outcome) {
    return report.verdicts().stream()
        .filter(verdict -> verdict.rule().equals(rule.name()) && verdict.outcome() == outcome)
        .count();
  }

  private String failures() {
    List<Verdict> failed = report.verdicts().stream().filter(Verdict::failed).toList();
    if (failed.isEmpty()) {
      return "\n\nNo rule is broken.";
    }
    TextTable table = new TextTable("hour (UTC)", "rule", "why");
    failed.stream()
        .limit(SHOWN)
        .forEach(
            verdict ->
                table.row(
                    verdict.windowStart() == null ? "" : verdict.windowStart(),
                    verdict.rule(),
                    verdict.detail()));
    return "\n\nBroken:\n" + table;
  }

  private String held() {
    StringBuilder text = new StringBuilder();
    if (!report.held().isEmpty()) {
      text.append("\n\nHeld, which readers do not see as they are now:\n").append(heldTable());
    }
    if (!report.released().isEmpty()) {
      text.append("\n\nReleased, to be published by the next rollup: ")
          .append(String.join(", ", report.released().stream().map(Instant::toString).toList()));
    }
    return text.toString();
  }

  private TextTable heldTable() {
    TextTable table = new TextTable("hour (UTC)", "held by");
    report.held().forEach((hour, by) -> table.row(hour, String.join(", ", by)));
    return table;
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("from", Micros.toInstant(report.hours().from()));
    json.put("to", Micros.toInstant(report.hours().to()));
    json.put("rules_version", rules.version());
    json.put("verdicts", report.verdicts().stream().map(CheckResult::json).toList());
    json.put("held", heldJson(report.held()));
    json.put("released", report.released());
    return json;
  }

  /** Held hours with their rules. */
  static List<Map<String, Object>> heldJson(SortedMap<Instant, List<String>> held) {
    return held.entrySet().stream()
        .map(
            entry -> {
              Map<String, Object> json = new LinkedHashMap<>();
              json.put("window_start", entry.getKey());
              json.put("held_by", entry.getValue());
              return json;
            })
        .toList();
  }

  private static Map<String, Object> json(Verdict verdict) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rule", verdict.rule());
    json.put("severity", verdict.severity().label());
    json.put("subject", verdict.subject());
    json.put("window_start", verdict.windowStart());
    json.put("outcome", verdict.outcome().label());
    json.put("observed", verdict.observed());
    json.put("expected", verdict.expected());
    json.put("detail", verdict.detail());
    return json;
  }
}
