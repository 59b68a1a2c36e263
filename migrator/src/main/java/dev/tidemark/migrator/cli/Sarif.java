package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.lint.Finding;
import dev.tidemark.migrator.lint.LintResult;
import dev.tidemark.migrator.lint.LintResult.Suppressed;
import dev.tidemark.migrator.lint.RuleCatalogue;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Findings as SARIF 2.1.0 (OASIS), which code hosts show beside the lines that they are about. */
final class Sarif {
  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

  private Sarif() {}

  /**
   * Writes the log.
   *
   * @param folder that the files lie in, with a slash at its end; may be empty
   */
  static Map<String, Object> log(List<LintResult> results, String folder) {
    List<Object> found = new ArrayList<>();
    for (LintResult result : results) {
      result.findings().forEach(finding -> found.add(result(finding, folder)));
      result.suppressed().forEach(suppressed -> found.add(suppressed(suppressed, folder)));
    }
    Map<String, Object> run = new LinkedHashMap<>();
    run.put("tool", Map.of("driver", driver()));
    run.put("columnKind", "utf16CodeUnits");
    run.put("results", found);
    Map<String, Object> log = new LinkedHashMap<>();
    log.put("$schema", SCHEMA);
    log.put("version", "2.1.0");
    log.put("runs", List.of(run));
    return log;
  }

  private static Map<String, Object> driver() {
    Map<String, Object> driver = new LinkedHashMap<>();
    driver.put("name", "tidemark migrate lint");
    driver.put("rules", RuleCatalogue.all().stream().map(Sarif::rule).toList());
    return driver;
  }

  private static Map<String, Object> rule(RuleCatalogue.Entry rule) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", rule.id());
    json.put("shortDescription", Map.of("text", rule.hazard() + ": " + rule.id()));
    json.put("help", Map.of("text", rule.remedy()));
    json.put("defaultConfiguration", Map.of("level", rule.level().word()));
    json.put("properties", Map.of("tags", List.of(rule.hazard())));
    return json;
  }

  private static Map<String, Object> suppressed(Suppressed suppressed, String folder) {
    Map<String, Object> json = result(suppressed.finding(), folder);
    Map<String, Object> suppression = new LinkedHashMap<>();
    suppression.put("kind", "inSource");
    suppression.put("justification", suppressed.reason());
    json.put("suppressions", List.of(suppression));
    return json;
  }

  private static Map<String, Object> result(Finding finding, String folder) {
    Map<String, Object> location = new LinkedHashMap<>();
    location.put("artifactLocation", Map.of("uri", uri(folder + finding.file())));
    location.put("region", Map.of("startLine", finding.line()));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("ruleId", finding.rule());
    json.put("level", finding.level().word());
    json.put("message", Map.of("text", finding.message() + " Better: " + finding.remedy() + "."));
    json.put("locations", List.of(Map.of("physicalLocation", location)));
    return json;
  }

  /** A relative reference, its parts encoded. */
  private static String uri(String file) {
    List<String> parts = new ArrayList<>();
    for (String part : file.replace('\\', '/').split("/", -1)) {
      parts.add(URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"));
    }
    return String.join("/", parts);
  }
}
