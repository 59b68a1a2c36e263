package dev.tidemark.migrator.smoke;

import java.util.List;

/**
 * What came of applying, rolling back and applying again.
 *
 * @param trials one for each change set, in order
 * @param tablesWithRows how many tables held rows in the end
 */
public record SmokeResult(List<Trial> trials, int tablesWithRows) {
  /**
   * One change set.
   *
   * @param version its version
   * @param description its description
   * @param applyMillis how long it took to apply
   * @param rollbackMillis how long it took to roll back
   * @param longestStallMillis the longest that one write to any table took meanwhile
   * @param differences what was not as it should be, in words; empty if nothing was
   */
  public record Trial(
      String version,
      String description,
      long applyMillis,
      long rollbackMillis,
      long longestStallMillis,
      List<String> differences) {}

  /** Whether every change set restores the state before, and is the same when applied again. */
  public boolean passed() {
    return trials.stream().allMatch(trial -> trial.differences().isEmpty());
  }
}
