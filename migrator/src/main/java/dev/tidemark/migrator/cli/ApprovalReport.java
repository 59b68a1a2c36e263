package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.approval.ApprovalState;
import dev.tidemark.migrator.approval.Decision;
import dev.tidemark.migrator.console.Result;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** How far a change set is approved. */
record ApprovalReport(String version, ApprovalState state) implements Result {
  @Override
  public String text() {
    String end =
        state.approved() ? "approved" : "there lacks " + String.join(", ", state.lacking());
    return "%s: %s; %s.".formatted(version, summary(state), end);
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", version);
    json.putAll(json(state));
    return json;
  }

  static String summary(ApprovalState state) {
    String people = state.valid().stream().map(Decision::actor).collect(Collectors.joining(", "));
    String expiry =
        state.valid().stream()
            .flatMap(decision -> decision.expiresAt().stream())
            .min(Instant::compareTo)
            .map(time -> ", until " + StatusReport.TIME.format(time))
            .orElse("");
    String mark = state.override().map(by -> " (glass broken by " + by.actor() + ")").orElse("");
    return "%d/%d%s%s%s"
        .formatted(
            Math.min(state.valid().size(), ApprovalState.WANTED),
            ApprovalState.WANTED,
            people.isEmpty() ? "" : " by " + people,
            expiry,
            mark);
  }

  static Map<String, Object> json(ApprovalState state) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("approved", state.approved());
    json.put("approvals", state.valid().stream().map(ApprovalReport::json).toList());
    json.put("lacking", state.lacking());
    json.put("notes", state.notes());
    json.put("break_glass", state.override().map(ApprovalReport::json).orElse(null));
    return json;
  }

  private static Map<String, Object> json(Decision decision) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("actor", decision.actor());
    json.put("database_role", decision.role());
    json.put("at", decision.at());
    json.put("expires_at", decision.expiresAt().orElse(null));
    json.put("reason", decision.reason().orElse(null));
    return json;
  }
}
