package dev.tidemark.jobs.reconciliation;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import dev.tidemark.pipeline.reconciliation.Finding;
import dev.tidemark.pipeline.reconciliation.HeldHour;
import dev.tidemark.pipeline.reconciliation.Mismatch;
import dev.tidemark.pipeline.reconciliation.ReconciliationReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a reconciliation found.
 *
 * @param report what was compared, and where the sides disagree
 */
record ReconciliationResult(ReconciliationReport report) implements Result {
  private static final int SHOWN = 20;

  @Override
  public String text() {
    if (report.checks().isEmpty()) {
      return "Nothing has been rolled up yet.";
    }
    TextTable table = new TextTable("comparison", "windows", "requests", "mismatches");
    report
        .checks()
        .forEach(
            (comparison, check) ->
                table.row(
                    comparison.label(),
                    "%,d".formatted(check.windows()),
                    "%,d".formatted(check.requests()),
                    "%,d".formatted(check.mismatches())));
    if (report.mismatches() == 0) {
      return table + found() + (report.agrees() ? "\n\nAll sides agree." : "");
    }
    TextTable examples = new TextTable("comparison", "window (UTC)", "measure", "left", "right");
    for (Mismatch mismatch : report.examples().stream().limit(SHOWN).toList()) {
      examples.row(
          mismatch.comparison().label(),
          mismatch.windowStart(),
          mismatch.measure(),
          mismatch.expected(),
          mismatch.actual());
    }
    return table + found() + "\n\nThe first disagreements:\n" + examples;
  }

  private String found() {
    return listed(
            report.phantoms().orElse(Finding.NONE),
            "landed events that the source has lost; they stay until somebody erases them")
        + listed(
            report.repeatedIds(),
            "landed events whose id was landed with several times; each is counted")
        + held();
  }

  private String held() {
    if (report.held().isEmpty()) {
      return "";
    }
    TextTable table = new TextTable("hour (UTC)", "held by", "landed", "published");
    report.held().stream()
        .limit(SHOWN)
        .forEach(
            hour ->
                table.row(
                    hour.windowStart(),
                    String.join(", ", hour.rules()),
                    "%,d".formatted(hour.landed()),
                    "%,d".formatted(hour.published())));
    return "\n\n%,d hours are held and are not compared; see `tidemark job check`:\n%s"
        .formatted(report.held().size(), table);
  }

  private static String listed(Finding finding, String what) {
    if (finding.count() == 0) {
      return "";
    }
    TextTable table = new TextTable("event", "occurred (UTC)");
    finding.examples().stream()
        .limit(SHOWN)
        .forEach(event -> table.row(event.eventId(), event.occurredAt()));
    return "\n\n%,d %s:\n%s".formatted(finding.count(), what, table);
  }

  @Override
  public Object json() {
    List<Object> comparisons = new ArrayList<>();
    report
        .checks()
        .forEach(
            (comparison, check) -> {
              Map<String, Object> json = new LinkedHashMap<>();
              json.put("comparison", comparison.label());
              json.put("windows", check.windows());
              json.put("requests", check.requests());
              json.put("mismatches", check.mismatches());
              comparisons.add(json);
            });
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("comparisons", comparisons);
    json.put("mismatches", report.mismatches());
    json.put("examples", report.examples().stream().map(ReconciliationResult::json).toList());
    json.put("phantoms", report.phantoms().map(ReconciliationResult::json).orElse(null));
    json.put("repeated_ids", json(report.repeatedIds()));
    json.put("held", report.held().stream().map(ReconciliationResult::json).toList());
    return json;
  }

  private static Map<String, Object> json(HeldHour hour) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("window_start", hour.windowStart());
    json.put("held_by", hour.rules());
    json.put("landed_requests", hour.landed());
    json.put("published_requests", hour.published());
    return json;
  }

  private static Map<String, Object> json(Finding finding) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("count", finding.count());
    json.put(
        "examples",
        finding.examples().stream()
            .map(event -> Map.of("event_id", event.eventId(), "occurred_at", event.occurredAt()))
            .toList());
    return json;
  }

  private static Map<String, Object> json(Mismatch mismatch) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("comparison", mismatch.comparison().label());
    json.put("window_start", mismatch.windowStart());
    json.put("measure", mismatch.measure());
    json.put("expected", mismatch.expected());
    json.put("actual", mismatch.actual());
    return json;
  }
}
