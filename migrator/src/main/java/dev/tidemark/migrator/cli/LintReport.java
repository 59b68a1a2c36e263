package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.Json;
import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.lint.Finding;
import dev.tidemark.migrator.lint.Level;
import dev.tidemark.migrator.lint.LintResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What lint has found.
 *
 * @param format how it is wanted where {@code --json} is not given
 * @param folder that the files lie in, with a slash at its end; empty where they name it themselves
 */
record LintReport(List<LintResult> results, Format format, String folder) implements Result {
  /** How findings are written. */
  enum Format {
    TEXT,
    JSON,
    SARIF
  }

  private static final int WIDTH = 118;

  @Override
  public String text() {
    return switch (format) {
      case TEXT -> words();
      case JSON -> Json.write(json());
      case SARIF -> Json.write(Sarif.log(results, folder));
    };
  }

  @Override
  public Object json() {
    return format == Format.SARIF
        ? Sarif.log(results, folder)
        : findings().stream().map(LintReport::json).toList();
  }

  boolean hasErrors() {
    return count(Level.ERROR) > 0;
  }

  private List<Finding> findings() {
    return results.stream().flatMap(result -> result.findings().stream()).toList();
  }

  private long count(Level level) {
    return findings().stream().filter(finding -> finding.level() == level).count();
  }

  private String words() {
    List<String> lines = new ArrayList<>();
    for (Finding finding : findings()) {
      lines.add(
          "%s:%d: %s [%s]"
              .formatted(finding.file(), finding.line(), finding.level().word(), finding.rule()));
      lines.addAll(wrapped(finding.statement(), "    > "));
      lines.addAll(wrapped(finding.message(), "    "));
      lines.addAll(wrapped("Better: " + finding.remedy() + ".", "    "));
      lines.add("");
    }
    int suppressed = results.stream().mapToInt(result -> result.suppressed().size()).sum();
    lines.add(
        "%s judged: %s, %s, %s%s."
            .formatted(
                counted(results.size(), "script"),
                counted(count(Level.ERROR), "error"),
                counted(count(Level.WARNING), "warning"),
                counted(count(Level.NOTE), "note"),
                suppressed == 0 ? "" : "; " + suppressed + " allowed with a reason"));
    return String.join("\n", lines);
  }

  private static String counted(long number, String word) {
    return number + " " + word + (number == 1 ? "" : "s");
  }

  private static List<String> wrapped(String text, String indent) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(indent);
    for (String word : text.split(" ")) {
      boolean empty = line.length() == indent.length();
      if (!empty && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(indent);
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  private static Map<String, Object> json(Finding finding) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rule", finding.rule());
    json.put("level", finding.level().word());
    json.put("file", finding.file());
    json.put("line", finding.line());
    json.put("statement", finding.statement());
    json.put("table", finding.table().orElse(null));
    json.put("lock", finding.lock().orElse(null));
    json.put("message", finding.message());
    json.put("remedy", finding.remedy());
    return json;
  }
}
