package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import dev.tidemark.migrator.rehearsal.DryRunResult;
import dev.tidemark.migrator.rehearsal.DryRunResult.StatementRun;
import dev.tidemark.migrator.rehearsal.DryRunResult.Step;
import dev.tidemark.migrator.trace.LockMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What apply or rollback would do. */
record DryRunReport(String operation, DryRunResult result) implements Result {
  private static final int SHOWN_SQL = 40;
  private static final int SHOWN_EFFECT = 34;

  @Override
  public String text() {
    if (result.steps().isEmpty()) {
      return "Nothing to do.";
    }
    List<String> parts = new ArrayList<>();
    for (Step step : result.steps()) {
      TextTable table =
          new TextTable("line", "statement", "strongest lock", "effect", "rows", "at real size");
      step.statements()
          .forEach(
              run ->
                  table.row(
                      run.line(),
                      shortened(run.sql(), SHOWN_SQL),
                      strongest(run),
                      shortened(effect(run), SHOWN_EFFECT),
                      run.rows(),
                      time(run.estimate())));
      parts.add(step.file() + "\n" + table);
    }
    parts.add(
        "Nothing was changed. Times are estimates for an idle server; a lock is kept until the\n"
            + "end of its transaction. --json has every lock.");
    return String.join("\n\n", parts);
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("operation", operation);
    json.put("dry_run", true);
    json.put("steps", result.steps().stream().map(DryRunReport::json).toList());
    return json;
  }

  private static Map<String, Object> json(Step step) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", step.version());
    json.put("description", step.description());
    json.put("file", step.file());
    json.put("statements", step.statements().stream().map(DryRunReport::json).toList());
    return json;
  }

  private static Map<String, Object> json(StatementRun run) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("number", run.number());
    json.put("line", run.line());
    json.put("sql", run.sql());
    json.put(
        "locks",
        run.locks().entrySet().stream()
            .map(
                lock -> {
                  Map<String, Object> row = new LinkedHashMap<>();
                  row.put("table", lock.getKey());
                  row.put("mode", lock.getValue().words());
                  row.put("blocks_writes", lock.getValue().blocksWrites());
                  row.put("blocks_reads", lock.getValue().blocksReads());
                  return row;
                })
            .toList());
    json.put("rewritten", run.rewritten());
    json.put("scanned", run.scanned());
    json.put("indexes_built", run.indexesBuilt());
    json.put("rows", run.rows());
    json.put("wal_bytes", run.walBytes());
    json.put("duration_ms", run.duration().toMillis());
    json.put("estimated_ms", run.estimate().toMillis());
    json.put("problem", run.problem().isEmpty() ? null : run.problem());
    return json;
  }

  private static String strongest(StatementRun run) {
    return run.locks().entrySet().stream()
        .filter(lock -> lock.getValue().compareTo(LockMode.ROW_SHARE) > 0)
        .max(Map.Entry.comparingByValue())
        .map(lock -> lock.getValue().words())
        .orElse("");
  }

  private static String effect(StatementRun run) {
    List<String> effects = new ArrayList<>();
    if (!run.problem().isEmpty()) {
      effects.add(run.problem());
    }
    add(effects, "writes anew ", run.rewritten());
    add(effects, "reads ", run.scanned());
    add(effects, "builds ", run.indexesBuilt());
    return String.join("; ", effects);
  }

  private static void add(List<String> effects, String verb, List<String> names) {
    if (!names.isEmpty()) {
      effects.add(verb + names.stream().limit(3).collect(Collectors.joining(", ")));
    }
  }

  private static String time(Duration duration) {
    long milliseconds = duration.toMillis();
    if (milliseconds < 1000) {
      return milliseconds + " ms";
    }
    return milliseconds < 120_000 ? milliseconds / 1000 + " s" : milliseconds / 60_000 + " min";
  }

  private static String shortened(String text, int length) {
    String line = text.replaceAll("\\s+", " ");
    return line.length() <= length ? line : line.substring(0, length - 1) + "…";
  }
}
