package dev.tidemark.jobs.lake;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.pipeline.lake.LakeChangeSets.Check;
import dev.tidemark.pipeline.lake.LakeChangeSets.Verification;
import java.util.LinkedHashMap;
import java.util.Map;

/** Whether a lake is as its change sets make it. */
record LakeVerified(Verification found) implements Result {
  @Override
  public String text() {
    StringBuilder text = new StringBuilder();
    for (Check check : found.checks()) {
      check
          .found()
          .ifPresent(
              what ->
                  text.append(
                      "! %s/verify.sql, line %d: %s\n"
                          .formatted(check.changeSet(), check.line(), what)));
    }
    found
        .differences()
        .forEach(difference -> text.append("! ").append(Differences.text(difference)).append('\n'));
    return text
        + "%d statements executed; %d things are not as the change sets made them."
            .formatted(found.checks().size(), found.mismatches());
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("mismatches", found.mismatches());
    json.put("checks", found.checks().stream().map(LakeVerified::json).toList());
    json.put("differences", found.differences().stream().map(Differences::json).toList());
    return json;
  }

  private static Map<String, Object> json(Check check) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("change_set", check.changeSet());
    json.put("line", check.line());
    json.put("holds", check.found().isEmpty());
    json.put("found", check.found().orElse(null));
    return json;
  }
}
