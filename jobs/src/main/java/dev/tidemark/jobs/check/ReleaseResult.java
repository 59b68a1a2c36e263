package dev.tidemark.jobs.check;

import dev.tidemark.migrator.console.Result;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An hour that was released. */
record ReleaseResult(Instant window, List<String> rules, String reason, String releasedBy)
    implements Result {
  @Override
  public String text() {
    return "Released %s from %s. The next rollup publishes it."
        .formatted(window, String.join(", ", rules));
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("released", window);
    json.put("rules", rules);
    json.put("reason", reason);
    json.put("released_by", releasedBy);
    return json;
  }
}
