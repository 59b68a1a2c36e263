package dev.tidemark.jobs.lake;

import dev.tidemark.pipeline.lake.LakeDifference;
import java.util.LinkedHashMap;
import java.util.Map;

/** Differences of tables as people and programs read them. */
final class Differences {
  private Differences() {}

  static String text(LakeDifference difference) {
    return "%s, %s: %s → %s"
        .formatted(
            difference.table(),
            difference.subject(),
            shown(difference.expected().orElse(null)),
            shown(difference.actual().orElse(null)));
  }

  static Map<String, Object> json(LakeDifference difference) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("table", difference.table());
    json.put("subject", difference.subject());
    json.put("expected", difference.expected().orElse(null));
    json.put("actual", difference.actual().orElse(null));
    return json;
  }

  private static String shown(String value) {
    return value == null ? "none" : value.isEmpty() ? "empty" : value;
  }
}
