package dev.tidemark.pipeline.quality;

import java.util.List;
import java.util.Map;

/** What came of the rules at the door in one landing. */
public final class DoorVerdicts {
  private DoorVerdicts() {}

  /**
   * One verdict a rule.
   *
   * @param brokenByRule how many rows each rule has refused; a rule without an entry refused none
   */
  public static List<Verdict> of(QualityRules rules, Map<String, Long> brokenByRule) {
    return rules.atTheDoor().stream()
        .map(
            rule -> {
              long broken = brokenByRule.getOrDefault(rule.name(), 0L);
              return Verdict.of(
                  rule,
                  Verdict.LANDING,
                  null,
                  broken == 0 ? Outcome.PASSED : Outcome.FAILED,
                  (double) broken,
                  null,
                  broken + " of the rows that were read were refused");
            })
        .toList();
  }
}
