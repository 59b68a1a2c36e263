package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import dev.tidemark.migrator.partition.PartitionResult;
import dev.tidemark.migrator.partition.PartitionStep;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What became of the partitions. */
record PartitionsReport(PartitionResult result) implements Result {
  @Override
  public String text() {
    String runs =
        result.expiredRuns() == 0
            ? ""
            : "\n%,d runs of workflows were deleted: their retention is over."
                .formatted(result.expiredRuns());
    if (result.steps().isEmpty()) {
      return "Nothing to do: every partition is in its place." + runs;
    }
    TextTable table = new TextTable("partition", result.dryRun() ? "would be" : "", "rows", "why");
    for (PartitionStep step : result.steps()) {
      table.row(
          step.partition(),
          word(step),
          step.rows() == 0 ? "" : "%,d".formatted(step.rows()),
          step.reason());
    }
    return table + runs;
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("dry_run", result.dryRun());
    json.put("expired_runs", result.expiredRuns());
    json.put("steps", result.steps().stream().map(PartitionsReport::json).toList());
    return json;
  }

  private static Map<String, Object> json(PartitionStep step) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("table", step.table());
    json.put("partition", step.partition());
    json.put("action", word(step));
    json.put("rows", step.rows());
    json.put("reason", step.reason().isEmpty() ? null : step.reason());
    return json;
  }

  private static String word(PartitionStep step) {
    return step.action().name().toLowerCase(Locale.ROOT);
  }
}
