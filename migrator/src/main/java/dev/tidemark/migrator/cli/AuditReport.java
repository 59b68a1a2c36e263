package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.audit.AuditVerdict;
import dev.tidemark.migrator.console.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was found in the audit chain. */
record AuditReport(AuditVerdict verdict) implements Result {
  @Override
  public String text() {
    List<String> lines = new ArrayList<>();
    for (AuditVerdict.Finding finding : verdict.findings()) {
      lines.add(
          "entry %d %s%s"
              .formatted(
                  finding.entry(), finding.what(), finding.accepted() ? " (accepted since)" : ""));
    }
    lines.add(
        "%s: %s; the head in %s knows %s."
            .formatted(
                verdict.intact() ? "The audit chain holds" : "The audit chain does not hold",
                verdict.entries() == 1 ? "1 entry" : verdict.entries() + " entries",
                verdict.head(),
                verdict.headNumber() == 0 ? "none" : "entry " + verdict.headNumber()));
    return String.join("\n", lines);
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("intact", verdict.intact());
    json.put("entries", verdict.entries());
    json.put("head", verdict.head().toString());
    json.put("head_entry", verdict.headNumber());
    json.put("findings", verdict.findings().stream().map(AuditReport::json).toList());
    return json;
  }

  private static Map<String, Object> json(AuditVerdict.Finding finding) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("entry", finding.entry());
    json.put("what", finding.what());
    json.put("accepted", finding.accepted());
    return json;
  }
}
