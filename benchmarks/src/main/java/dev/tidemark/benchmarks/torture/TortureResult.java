package dev.tidemark.benchmarks.torture;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.pipeline.torture.Torture;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the rounds came to. */
record TortureResult(List<Torture.Report> rounds) implements Result {
  boolean differs() {
    return rounds.stream().anyMatch(round -> !round.differences().isEmpty());
  }

  @Override
  public String text() {
    StringBuilder text = new StringBuilder();
    for (Torture.Report round : rounds) {
      text.append(round.text()).append(System.lineSeparator());
      round
          .differences()
          .forEach(each -> text.append("  ").append(each).append(System.lineSeparator()));
    }
    return text.toString().stripTrailing();
  }

  @Override
  public Object json() {
    return Map.of(
        "bench",
        "torture",
        "rounds",
        rounds.stream()
            .map(
                round -> {
                  Map<String, Object> json = new LinkedHashMap<>();
                  json.put("seed", round.seed());
                  json.put("events", round.events());
                  json.put("commands_done", round.done());
                  json.put("processes_killed", round.killed());
                  json.put("commits_failed", round.lost());
                  json.put("differences", round.differences());
                  return json;
                })
            .toList());
  }
}
