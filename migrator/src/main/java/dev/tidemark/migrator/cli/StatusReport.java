package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.approval.ApprovalState;
import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import dev.tidemark.migrator.datastep.DataStepProgress;
import dev.tidemark.migrator.operation.StatusResult;
import dev.tidemark.migrator.operation.StatusResult.Entry;
import dev.tidemark.migrator.operation.StatusResult.Finding;
import dev.tidemark.migrator.operation.StatusResult.State;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where the schema stands. */
record StatusReport(StatusResult status) implements Result {
  private static final List<String> HEADS =
      List.of("", "version", "change set", "state", "applied (UTC)", "by");

  static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm").withZone(ZoneOffset.UTC);

  @Override
  public String text() {
    boolean approvals = !status.approvals().isEmpty();
    List<String> heads = new ArrayList<>(HEADS);
    if (approvals) {
      heads.add("approved");
    }
    TextTable table = new TextTable(heads.toArray(String[]::new));
    for (Entry entry : status.entries()) {
      List<Object> cells =
          new ArrayList<>(
              List.of(
                  mark(entry.state()),
                  entry.version(),
                  entry.description(),
                  word(entry.state()),
                  entry.appliedAt().map(TIME::format).orElse(""),
                  entry.appliedBy().orElse("")));
      if (approvals) {
        cells.add(approval(entry).map(ApprovalReport::summary).orElse(""));
      }
      table.row(cells.toArray());
    }
    String version = status.version().map(v -> "The schema is at " + v).orElse("Nothing applied");
    String operator = status.operator().map(o -> "\nRight now, " + o + ".").orElse("");
    String findings =
        status.entries().stream()
            .map(entry -> finding(entry) + approvalNotes(entry))
            .collect(Collectors.joining());
    String steps =
        status.dataSteps().stream()
            .map(step -> "\n%s: %s".formatted(step.changeSet(), step.words()))
            .collect(Collectors.joining());
    return "%s\n%s\n%s, %d pending.%s%s"
        .formatted(table, findings, version, pending(), steps, operator);
  }

  private Optional<ApprovalState> approval(Entry entry) {
    return Optional.ofNullable(status.approvals().get(entry.version()));
  }

  /** Why approvals of what is still to be applied do not count. */
  private String approvalNotes(Entry entry) {
    return approval(entry)
        .filter(state -> !entry.isApplied() && !state.notes().isEmpty())
        .map(
            state ->
                "\n%s_%s: %s\n"
                    .formatted(
                        entry.version(), entry.description(), String.join("; ", state.notes())))
        .orElse("");
  }

  private static String finding(Entry entry) {
    return entry
        .finding()
        .map(
            finding ->
                "\n%s_%s: %s\n  Seen:   %s\n  Remedy: %s\n"
                    .formatted(
                        entry.version(),
                        entry.description(),
                        word(finding.state()).replace('_', ' '),
                        finding.detail().replaceAll("\\s*\\R\\s*", " "),
                        finding.remedy()))
        .orElse("");
  }

  @Override
  public Object json() {
    List<Map<String, Object>> entries = status.entries().stream().map(this::json).toList();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", status.version().orElse(null));
    json.put("pending", pending());
    json.put("operator", status.operator().orElse(null));
    json.put("data_steps", status.dataSteps().stream().map(StatusReport::json).toList());
    json.put("change_sets", entries);
    return json;
  }

  private static Map<String, Object> json(DataStepProgress step) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", step.changeSet());
    json.put("name", step.name());
    json.put("percent", step.percent().isPresent() ? step.percent().getAsInt() : null);
    json.put("rows_walked", step.rowsWalked());
    json.put("rows_changed", step.rowsChanged());
    json.put("rows_expected", step.rowsExpected());
    json.put("batches", step.batches());
    json.put("batch_size", step.batchSize());
    json.put("slowed_by", step.slowedBy().orElse(null));
    return json;
  }

  private Map<String, Object> json(Entry entry) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", entry.version());
    json.put("description", entry.description());
    json.put("state", word(entry.state()));
    json.put("applied_at", entry.appliedAt().map(Instant::toString).orElse(null));
    json.put("applied_by", entry.appliedBy().orElse(null));
    json.put("duration_ms", entry.milliseconds().orElse(null));
    json.put("failure", entry.finding().map(StatusReport::json).orElse(null));
    json.put("approval", approval(entry).map(ApprovalReport::json).orElse(null));
    return json;
  }

  private static Map<String, Object> json(Finding finding) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("state", word(finding.state()));
    json.put("detail", finding.detail());
    json.put("remedy", finding.remedy());
    json.put("resumable", finding.resumable());
    return json;
  }

  private long pending() {
    return status.entries().stream().filter(entry -> entry.state() == State.PENDING).count();
  }

  static String word(Enum<?> state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static String mark(State state) {
    return switch (state) {
      case APPLIED -> "✓";
      case PENDING -> "·";
      case RUNNING -> "…";
      case FAILED, EDITED, UNKNOWN, LATE -> "!";
    };
  }
}
