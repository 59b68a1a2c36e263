package dev.tidemark.jobs.maintenance;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import dev.tidemark.pipeline.maintenance.MaintenanceReport;
import java.util.LinkedHashMap;
import java.util.Map;

/** What maintenance did to each table. */
record MaintenanceResult(MaintenanceReport report, boolean dryRun) implements Result {
  @Override
  public String text() {
    TextTable table =
        new TextTable("table", "files", "MB", dryRun ? "to compact" : "compacted", "left", "lost");
    for (MaintenanceReport.Table done : report.tables()) {
      table.row(
          done.name(),
          change("%,d", done.filesBefore(), done.filesAfter()),
          change("%,.1f", done.bytesBefore() / 1e6, done.bytesAfter() / 1e6),
          "%,d".formatted(done.compacted()),
          "%,d".formatted(done.skipped()),
          "%,d".formatted(done.lost()));
    }
    String retired =
        report
            .retired()
            .map(
                gone ->
                    dryRun
                        ? "\nEvents before %s would go.".formatted(gone.horizon())
                        : "\nEvents before %s are gone (%,d files); their hours and days stay."
                            .formatted(gone.horizon(), gone.files()))
            .orElse("");
    return table
        + retired
        + "\nCompacted, left (changed since the last time) and lost (others were faster) count"
        + " dates.";
  }

  private static String change(String format, Number before, Number after) {
    String left = format.formatted(before);
    String right = format.formatted(after);
    return left.equals(right) ? left : left + " → " + right;
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("dry_run", dryRun);
    json.put("events_horizon", report.retired().map(gone -> gone.horizon()).orElse(null));
    json.put("tables", report.tables().stream().map(this::json).toList());
    return json;
  }

  private Map<String, Object> json(MaintenanceReport.Table table) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("table", table.name());
    json.put("files_before", table.filesBefore());
    json.put("files_after", table.filesAfter());
    json.put("bytes_before", table.bytesBefore());
    json.put("bytes_after", table.bytesAfter());
    json.put("dates_compacted", table.compacted());
    json.put("dates_left", table.skipped());
    json.put("dates_lost", table.lost());
    json.put("retention_seconds", table.retention().toSeconds());
    return json;
  }
}
