package dev.tidemark.jobs.erasure;

import dev.tidemark.migrator.console.Json;
import dev.tidemark.migrator.console.Result;
import dev.tidemark.pipeline.erasure.AnsweredRequest;
import dev.tidemark.pipeline.erasure.ErasureReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What became of the requests for erasure; it names nobody. */
record RequestsResult(List<AnsweredRequest> answered) implements Result {
  /** The report of a request, whose SHA-256 the request keeps: a line of this result's JSON. */
  static String evidence(ErasureReport report, String request) {
    return Json.write(new ErasureResult(report, Optional.of(request)).json());
  }

  private int failed() {
    return (int) answered.stream().filter(request -> !request.completed()).count();
  }

  @Override
  public String text() {
    if (answered.isEmpty()) {
      return "No request for erasure is open.";
    }
    String lines = answered.stream().map(RequestsResult::line).collect(Collectors.joining("\n"));
    return "%d of %d requests for erasure are completed.\n%s\n%s"
        .formatted(
            answered.size() - failed(), answered.size(), lines, ErasureResult.FILES_GO_LATER);
  }

  private static String line(AnsweredRequest request) {
    return "  "
        + request.id()
        + ": "
        + request
            .report()
            .map(
                report ->
                    "%,d events, %,d rows of frozen hours, %,d refused events"
                        .formatted(report.events(), report.frozenHours(), report.quarantined()))
            .orElse("failed, attempt " + request.attempt());
  }

  @Override
  public Object json() {
    return Map.of("requests", answered.stream().map(RequestsResult::json).toList());
  }

  private static Map<String, Object> json(AnsweredRequest request) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("request", request.id());
    json.put("status", request.completed() ? "completed" : "failed");
    json.put("attempt", request.attempt());
    json.put("due_at", request.dueAt());
    json.put("completed_at", request.completedAt().orElse(null));
    json.put("failure_reason", request.failure().orElse(null));
    json.put("evidence_sha256", request.evidence().orElse(null));
    json.put(
        "report",
        request
            .report()
            .map(report -> new ErasureResult(report, Optional.of(request.id().toString())).json())
            .orElse(null));
    return json;
  }
}
