package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import dev.tidemark.migrator.guard.Observation;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the relations are used that contract change sets take away. */
record ObserveReport(List<Observation> observations) implements Result {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm").withZone(ZoneOffset.UTC);

  @Override
  public String text() {
    if (observations.isEmpty()) {
      return "No pending contract change set names a table or an index as unused.";
    }
    TextTable table = new TextTable("change set", "relation", "no use seen since (UTC)", "use");
    for (Observation seen : observations) {
      table.row(
          seen.changeSet(),
          seen.kind() + " " + seen.relation(),
          seen.unusedSince().map(TIME::format).orElse(""),
          seen.unusedSince().isPresent() ? seen.counters() : seen.unknown());
    }
    return table.toString();
  }

  @Override
  public Object json() {
    return Map.of("observations", observations.stream().map(ObserveReport::json).toList());
  }

  private static Map<String, Object> json(Observation seen) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("change_set", seen.changeSet());
    json.put("kind", seen.kind());
    json.put("relation", seen.relation());
    json.put("unused_since", seen.unusedSince().map(Instant::toString).orElse(null));
    json.put("counters", seen.unusedSince().isPresent() ? seen.counters() : null);
    json.put("unknown", seen.unusedSince().isPresent() ? null : seen.unknown());
    return json;
  }
}
