package dev.tidemark.jobs.rollup;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import dev.tidemark.pipeline.rollup.AffectedWindow;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The hours that a run would recompute. */
record WindowsReport(List<AffectedWindow> windows) implements Result {
  @Override
  public String text() {
    if (windows.isEmpty()) {
      return "Nothing waits: the rollups are up to date.";
    }
    TextTable table = new TextTable("hour (UTC)", "arrivals", "late by up to", "why");
    for (AffectedWindow window : windows) {
      table.row(
          window.hourStart(),
          "%,d".formatted(window.arrivals()),
          window.arrivals() == 0 ? "" : lateness(window.lateness()),
          reason(window));
    }
    return table.toString();
  }

  private static String reason(AffectedWindow window) {
    if (!window.redefined()) {
      return window.arrivals() == 0 ? "held, to be judged again" : "arrivals";
    }
    return window.arrivals() == 0 ? "other definition" : "arrivals, other definition";
  }

  @Override
  public Object json() {
    return Map.of("windows", windows.stream().map(WindowsReport::json).toList());
  }

  private static Map<String, Object> json(AffectedWindow window) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("hour_start", window.hourStart());
    json.put("arrivals", window.arrivals());
    json.put("lateness_seconds", window.lateness().toSeconds());
    json.put("redefined", window.redefined());
    return json;
  }

  private static String lateness(Duration late) {
    return "%dd %02dh %02dm".formatted(late.toDays(), late.toHoursPart(), late.toMinutesPart());
  }
}
