package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.secrecy.KeyChange;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What became of the keys; the lines for an environment are all that is printed then. */
record KeyChangeReport(String what, KeyChange change) implements Result {
  @Override
  public String text() {
    return change
        .file()
        .map(file -> what + " in " + file + ": " + change.keyset() + ".")
        .orElseGet(
            () ->
                change.lines().entrySet().stream()
                    .map(line -> line.getKey() + "=" + line.getValue())
                    .collect(Collectors.joining("\n")));
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("file", change.file().map(Path::toString).orElse(null));
    json.put("environment", change.lines());
    json.put("keys", List.copyOf(change.keyset().keyIds()));
    json.put("primary", change.keyset().primaryKeyId());
    return json;
  }
}
