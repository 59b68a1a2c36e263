package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.changeset.Scaffold;
import dev.tidemark.migrator.console.Result;
import java.util.LinkedHashMap;
import java.util.Map;

/** What to do with a new change set. */
record NewReport(Scaffold.Made made) implements Result {
  @Override
  public String text() {
    return """
    Made %s. Next:
      1. write apply.sql, rollback.sql and verify.sql, and fill in changeset.conf
      2. tidemark migrate lint                what is dangerous in it
      3. tidemark migrate apply --dry-run     what it would lock, rewrite and take
      4. tidemark migrate smoke               forward, back and forward again, on a throw-away database
    Until it is filled in, every command that reads change sets refuses it."""
        .formatted(made.folder());
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", made.version());
    json.put("folder", made.folder().toString());
    json.put("files", Scaffold.FILES);
    return json;
  }
}
