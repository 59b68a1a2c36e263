package dev.tidemark.jobs.lake;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.pipeline.lake.LakeChangeSets.Plan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What apply or rollback would do.
 *
 * @param operation which of the two
 */
record LakePlans(String operation, List<Plan> plans) implements Result {
  @Override
  public String text() {
    if (plans.isEmpty()) {
      return "Nothing to do.";
    }
    StringBuilder text = new StringBuilder();
    for (Plan plan : plans) {
      text.append(plan.name()).append('\n');
      for (String statement : plan.statements()) {
        text.append("  ").append(statement.replace("\n", "\n  ")).append(";\n");
      }
      text.append(plan.changes().isEmpty() ? "  Nothing would change.\n" : "  It would change:\n");
      plan.changes()
          .forEach(change -> text.append("    ").append(Differences.text(change)).append('\n'));
      plan.losses().forEach(loss -> text.append("  ! It would lose ").append(loss).append('\n'));
    }
    return text
        + "%d change sets would be %s; tried out on empty copies of the tables."
            .formatted(plans.size(), operation.equals("apply") ? "applied" : "rolled back");
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("dry_run", true);
    json.put("operation", operation);
    json.put("change_sets", plans.stream().map(LakePlans::json).toList());
    return json;
  }

  private static Map<String, Object> json(Plan plan) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", plan.name());
    json.put("statements", plan.statements());
    json.put("changes", plan.changes().stream().map(Differences::json).toList());
    json.put("losses", plan.losses());
    return json;
  }
}
