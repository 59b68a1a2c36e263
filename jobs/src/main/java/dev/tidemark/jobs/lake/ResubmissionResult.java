package dev.tidemark.jobs.lake;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.pipeline.landing.ResubmissionReport;
import java.util.LinkedHashMap;
import java.util.Map;

/** What became of refused events that were submitted again. */
record ResubmissionResult(ResubmissionReport report) implements Result {
  @Override
  public String text() {
    if (report.submitted() == 0) {
      return "No refused event of this source was asked for.";
    }
    return """
        Of %,d refused records, the source still holds %,d.
        %,d are accepted: %,d events were landed, which the next rollup counts.
        %,d are refused by another rule now, and %,d as before."""
        .formatted(
            report.submitted(),
            report.found(),
            report.accepted(),
            report.landing().landed(),
            report.refusedOtherwise(),
            report.refusedAgain());
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("submitted", report.submitted());
    json.put("found", report.found());
    json.put("accepted", report.accepted());
    json.put("landed", report.landing().landed());
    json.put("refused_otherwise", report.refusedOtherwise());
    json.put("refused_again", report.refusedAgain());
    return json;
  }
}
