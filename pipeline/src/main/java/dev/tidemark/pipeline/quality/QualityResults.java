package dev.tidemark.pipeline.quality;

import dev.tidemark.pipeline.lake.Lake;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** The table {@code quality_results}: every verdict. */
public final class QualityResults {
  private QualityResults() {}

  /** Appends verdicts, if there are any. */
  public static void append(Lake lake, String runId, QualityRules rules, List<Verdict> verdicts) {
    append(lake, runId, rules, verdicts, null, 0);
  }

  /** The same once, as {@link dev.tidemark.pipeline.lake.LakeTable#appendRows} does it. */
  public static void append(
      Lake lake,
      String runId,
      QualityRules rules,
      List<Verdict> verdicts,
      String applicationId,
      long transactionVersion) {
    if (verdicts.isEmpty()) {
      return;
    }
    Instant now = lake.clock().instant();
    List<List<Object>> rows =
        verdicts.stream()
            .map(
                verdict ->
                    Arrays.<Object>asList(
                        runId,
                        now,
                        verdict.rule(),
                        verdict.severity().label(),
                        verdict.subject(),
                        verdict.windowStart(),
                        verdict.outcome().label(),
                        verdict.observed(),
                        verdict.expected(),
                        verdict.detail(),
                        rules.version()))
            .toList();
    lake.table("quality_results").appendRows(rows, applicationId, transactionVersion);
  }
}
