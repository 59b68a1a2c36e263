package dev.tidemark.jobs.lake;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import dev.tidemark.pipeline.lake.LakeOperation;
import dev.tidemark.pipeline.lake.LakeSchema;
import dev.tidemark.pipeline.lake.LakeSchema.Entry;
import dev.tidemark.pipeline.lake.LakeSchema.State;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where the change sets of a lake stand, and what was done. */
record LakeSchemaShown(LakeSchema schema) implements Result {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm").withZone(ZoneOffset.UTC);

  @Override
  public String text() {
    TextTable table = new TextTable("version", "change set", "state", "since (UTC)", "by", "ms");
    StringBuilder failures = new StringBuilder();
    for (Entry entry : schema.entries()) {
      table.row(
          entry.version(),
          entry.description(),
          entry.state().word(),
          entry.last().map(last -> TIME.format(last.at())).orElse(""),
          entry.last().map(LakeOperation::actor).orElse(""),
          entry.last().flatMap(LakeOperation::duration).map(Duration::toMillis).orElse(null));
      entry
          .last()
          .flatMap(LakeOperation::failure)
          .ifPresent(
              failure -> failures.append('\n').append(entry.name()).append(": ").append(failure));
    }
    long pending =
        schema.entries().stream().filter(entry -> entry.state() != State.APPLIED).count();
    return table
        + failures.toString()
        + "\n%d applied, %d not. All attempts: --json, or SELECT * FROM change_sets."
            .formatted(schema.entries().size() - pending, pending);
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("change_sets", schema.entries().stream().map(LakeSchemaShown::json).toList());
    json.put("history", schema.operations().stream().map(LakeSchemaShown::json).toList());
    return json;
  }

  private static Map<String, Object> json(Entry entry) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", entry.version());
    json.put("description", entry.description());
    json.put("state", entry.state().word());
    return json;
  }

  private static Map<String, Object> json(LakeOperation operation) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("sequence", operation.sequence());
    json.put("at", operation.at());
    json.put("operation", operation.kind().word());
    json.put("outcome", operation.outcome().word());
    json.put("version", operation.version());
    json.put("checksum", operation.checksum());
    json.put("done_by", operation.actor());
    json.put("host", operation.host());
    json.put("process", operation.process());
    json.put("duration_ms", operation.duration().map(Duration::toMillis).orElse(null));
    json.put("failure", operation.failure().orElse(null));
    json.put("reason", operation.reason().orElse(null));
    return json;
  }
}
