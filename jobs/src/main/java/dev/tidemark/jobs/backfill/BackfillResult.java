package dev.tidemark.jobs.backfill;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.pipeline.backfill.BackfillReport;
import dev.tidemark.pipeline.backfill.ChunkResult;
import dev.tidemark.pipeline.window.Micros;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a backfill did. */
record BackfillResult(BackfillReport report) implements Result {
  @Override
  public String text() {
    ChunkResult result = report.result();
    return "%s: %,d days in %,d chunks, in %s.\n"
            .formatted(
                BackfillScreen.days(report.range()),
                report.days(),
                report.chunks(),
                BackfillScreen.words(report.elapsed()))
        + "Of %,d events read, %,d were landed; %,d were there before and %,d quarantined.\n"
            .formatted(result.read(), result.landed(), result.duplicates(), result.quarantined())
        + "%,d hours were computed again; %,d rows of the rollups changed."
            .formatted(result.hours(), result.rowsChanged())
        + report.notice().map(notice -> "\n" + notice).orElse("");
  }

  @Override
  public Object json() {
    ChunkResult result = report.result();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("run_id", report.runId());
    json.put("from", Micros.toInstant(report.range().from()));
    json.put("to", Micros.toInstant(report.range().to()));
    json.put("days", report.days());
    json.put("chunks", report.chunks());
    json.put("read", result.read());
    json.put("landed", result.landed());
    json.put("duplicates", result.duplicates());
    json.put("quarantined", result.quarantined());
    json.put("windows_reprocessed", result.hours());
    json.put("rows_changed", result.rowsChanged());
    json.put("elapsed_seconds", report.elapsed().toMillis() / 1e3);
    json.put("notice", report.notice().orElse(null));
    return json;
  }
}
