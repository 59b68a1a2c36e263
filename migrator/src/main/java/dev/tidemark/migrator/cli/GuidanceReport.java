package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.operation.Guidance;
import dev.tidemark.migrator.operation.StatusResult.Entry;
import dev.tidemark.migrator.operation.StatusResult.Finding;
import dev.tidemark.migrator.state.Resolution;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What is seen of a change set that failed, and what was decided about it. */
record GuidanceReport(Guidance guidance, Optional<Resolution> decided) implements Result {
  @Override
  public String text() {
    Entry entry = guidance.entry();
    Finding finding = entry.finding().orElseThrow();
    StringBuilder text = new StringBuilder();
    text.append(
        "%s_%s: %s\n"
            .formatted(
                entry.version(),
                entry.description(),
                StatusReport.word(finding.state()).replace('_', ' ')));
    text.append("  Seen:    ").append(oneLine(finding.detail())).append('\n');
    text.append("  History: ").append(entry.isApplied() ? "applied" : "not applied").append('\n');
    text.append("  Verify:  ")
        .append(
            guidance.lacking().isEmpty()
                ? "every statement of verify.sql holds"
                : oneLine(String.join("; ", guidance.lacking())))
        .append('\n');
    if (decided.isPresent()) {
      return text.append("Decided: ")
          .append(option(decided.get()))
          .append(": ")
          .append(guidance.choices().get(decided.get()))
          .toString();
    }
    text.append("What can be said about it, with --reason \"…\":");
    guidance
        .choices()
        .forEach(
            (choice, meaning) -> text.append("\n  %-19s %s".formatted(option(choice), meaning)));
    if (guidance.choices().isEmpty()) {
      text.append("\n  nothing yet: ").append(finding.remedy());
    }
    return text.toString();
  }

  @Override
  public Object json() {
    Entry entry = guidance.entry();
    Finding finding = entry.finding().orElseThrow();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", entry.version());
    json.put("description", entry.description());
    json.put("state", StatusReport.word(finding.state()));
    json.put("detail", finding.detail());
    json.put("applied", entry.isApplied());
    json.put("lacking", guidance.lacking());
    Map<String, Object> choices = new LinkedHashMap<>();
    guidance
        .choices()
        .forEach((choice, meaning) -> choices.put(StatusReport.word(choice), meaning));
    json.put("choices", choices);
    json.put("decided", decided.map(StatusReport::word).orElse(null));
    return json;
  }

  private static String option(Resolution choice) {
    return "--" + StatusReport.word(choice).replace('_', '-');
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s*\\R\\s*", " ");
  }
}
