package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import dev.tidemark.migrator.operation.StatusResult;
import dev.tidemark.migrator.operation.StatusResult.Entry;
import dev.tidemark.migrator.operation.StatusResult.State;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where the schema stands. */
record StatusReport(StatusResult status) implements Result {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm").withZone(ZoneOffset.UTC);

  @Override
  public String text() {
    TextTable table = new TextTable("", "version", "change set", "state", "applied (UTC)", "by");
    for (Entry entry : status.entries()) {
      table.row(
          mark(entry.state()),
          entry.version(),
          entry.description(),
          word(entry.state()),
          entry.appliedAt().map(TIME::format).orElse(""),
          entry.appliedBy().orElse(""));
    }
    String version = status.version().map(v -> "The schema is at " + v).orElse("Nothing applied");
    String operator = status.operator().map(o -> "\nRight now, " + o + ".").orElse("");
    return "%s\n\n%s, %d pending.%s".formatted(table, version, pending(), operator);
  }

  @Override
  public Object json() {
    List<Map<String, Object>> entries = status.entries().stream().map(StatusReport::json).toList();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", status.version().orElse(null));
    json.put("pending", pending());
    json.put("operator", status.operator().orElse(null));
    json.put("change_sets", entries);
    return json;
  }

  private static Map<String, Object> json(Entry entry) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", entry.version());
    json.put("description", entry.description());
    json.put("state", word(entry.state()));
    json.put("applied_at", entry.appliedAt().map(Instant::toString).orElse(null));
    json.put("applied_by", entry.appliedBy().orElse(null));
    json.put("duration_ms", entry.milliseconds().orElse(null));
    return json;
  }

  private long pending() {
    return status.entries().stream().filter(entry -> entry.state() == State.PENDING).count();
  }

  private static String word(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static String mark(State state) {
    return switch (state) {
      case APPLIED -> "✓";
      case PENDING -> "·";
      case FAILED, EDITED, UNKNOWN, LATE -> "!";
    };
  }
}
