package dev.tidemark.jobs.lake;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.pipeline.lake.LakeChangeSets.Step;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Lake change sets that were applied or rolled back.
 *
 * @param done which of the two, as JSON names it
 */
record LakeSteps(String done, List<Step> steps) implements Result {
  @Override
  public String text() {
    if (steps.isEmpty()) {
      return done.equals("applied") ? "The lake is up to date." : "Nothing is applied.";
    }
    String word = done.equals("applied") ? "Applied " : "Rolled back ";
    return steps.stream()
        .map(step -> "%s%s (%,d ms).".formatted(word, step.name(), step.duration().toMillis()))
        .collect(Collectors.joining("\n"));
  }

  @Override
  public Object json() {
    return Map.of(done, steps.stream().map(Step::name).toList());
  }
}
