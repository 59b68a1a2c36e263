package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import dev.tidemark.migrator.rotation.RotationResult;
import dev.tidemark.migrator.rotation.RotationResult.Column;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a rotation of keys did, or would do. */
record RotationReport(RotationResult result) implements Result {
  @Override
  public String text() {
    TextTable table =
        new TextTable("column", "values", result.dryRun() ? "to encrypt" : "encrypted", "hashed");
    for (Column column : result.columns()) {
      table.row(
          column.name(),
          "%,d".formatted(column.values()),
          "%,d".formatted(column.encrypted()),
          "%,d".formatted(column.hashed()));
    }
    String end =
        result.dryRun()
            ? "Nothing was changed. Key " + result.primaryKeyId() + " would encrypt every value."
            : "Key " + result.primaryKeyId() + " encrypts every value.";
    return table + "\n\n" + end;
  }

  @Override
  public Object json() {
    List<Map<String, Object>> columns =
        result.columns().stream().map(RotationReport::json).toList();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("dry_run", result.dryRun());
    json.put("primary", result.primaryKeyId());
    json.put("columns", columns);
    return json;
  }

  private static Map<String, Object> json(Column column) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("column", column.name());
    json.put("values", column.values());
    json.put("encrypted", column.encrypted());
    json.put("hashed", column.hashed());
    return json;
  }
}
