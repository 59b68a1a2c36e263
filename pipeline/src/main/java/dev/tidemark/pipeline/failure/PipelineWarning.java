package dev.tidemark.pipeline.failure;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something that an operator should know and that is no failure, told as failures are.
 *
 * @param code stable, such as {@code TM-PIP-121}
 * @param problem what is the matter
 * @param reason why
 * @param remedy what to do
 */
public record PipelineWarning(String code, String problem, String reason, String remedy) {
  /** As {@code --json} has it. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("code", code);
    json.put("problem", problem);
    json.put("reason", reason);
    json.put("remedy", remedy);
    return json;
  }

  /** For people, in three lines. */
  public String text() {
    return code + ": " + problem + "\n  Cause:  " + reason + "\n  Remedy: " + remedy;
  }
}
