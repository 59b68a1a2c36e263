package dev.tidemark.jobs.erasure;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.pipeline.erasure.ErasureReport;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What was erased where; it names nobody, so that it may be kept as evidence. */
record ErasureResult(ErasureReport report, Optional<String> request) implements Result {
  static final String FILES_GO_LATER =
      "The files that held them go with `tidemark job maintain`, after maintenance.retention.";

  @Override
  public String text() {
    return "Erased %,d events, %,d rows of frozen hours and %,d refused events, through %s."
            .formatted(
                report.events(), report.frozenHours(), report.quarantined(), report.through())
        + "\n"
        + FILES_GO_LATER;
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("run_id", report.runId());
    json.put("request", request.orElse(null));
    json.put("erased_through", report.through());
    json.put("events", report.events());
    json.put("frozen_hours", report.frozenHours());
    json.put("quarantined", report.quarantined());
    json.put("events_horizon", report.horizon().orElse(null));
    return json;
  }
}
