package dev.tidemark.pipeline.quality;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What came of the rules in some hours.
 *
 * @param verdicts all of them
 */
public record Judgement(List<Verdict> verdicts) {
  /** Nothing was judged. */
  public static final Judgement NONE = new Judgement(List.of());

  /** Copies the verdicts. */
  public Judgement {
    verdicts = List.copyOf(verdicts);
  }

  /** The hours that are not to be published, with the rules that hold each. */
  public SortedMap<Instant, List<String>> held() {
    SortedMap<Instant, List<String>> held = new TreeMap<>();
    for (Verdict verdict : verdicts) {
      if (verdict.stops() && verdict.windowStart() != null) {
        held.computeIfAbsent(verdict.windowStart(), hour -> new ArrayList<>()).add(verdict.rule());
      }
    }
    return held;
  }

  /** Those that are to be told. */
  public List<Verdict> failed() {
    return verdicts.stream().filter(Verdict::failed).toList();
  }
}
