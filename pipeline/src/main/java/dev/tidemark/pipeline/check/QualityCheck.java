package dev.tidemark.pipeline.check;

import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeChangeSets;
import dev.tidemark.pipeline.quality.Freshness;
import dev.tidemark.pipeline.quality.HourJudge;
import dev.tidemark.pipeline.quality.QualityResults;
import dev.tidemark.pipeline.quality.QualityRules;
import dev.tidemark.pipeline.quality.Releases;
import dev.tidemark.pipeline.quality.Verdict;
import dev.tidemark.pipeline.rollup.Rollup;
import dev.tidemark.pipeline.window.Hours;
import dev.tidemark.pipeline.window.Micros;
import dev.tidemark.pipeline.window.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Evaluates rules over hours whatever arrived in them, also over those in which nothing did; and
 * releases hours that are held.
 */
public final class QualityCheck {
  private static final long USUAL_HOURS = 24;

  private final Lake lake;
  private final QualityRules rules;

  private QualityCheck(Lake lake, QualityRules rules) {
    this.lake = lake;
    this.rules = rules;
  }

  /**
   * A check of a lake, which is brought up to the program's change sets.
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException if there is no lake, or a rule cannot
   *     be used
   */
  public static QualityCheck open(Lake lake, QualityRules rules) {
    rules.requireUsable(lake.spark());
    LakeChangeSets changeSets = new LakeChangeSets(lake);
    changeSets.requireLake();
    changeSets.apply();
    return new QualityCheck(Objects.requireNonNull(lake), rules);
  }

  /**
   * Judges hours by the events that the rollups have consumed, and the newest event's age, and
   * keeps the verdicts. Conditions of quarantine are judged too: events may have been landed before
   * there was the rule.
   *
   * @param range whose hours are judged; empty for the last 24 that are over
   */
  public CheckReport run(Optional<TimeRange> range, Instant now) {
    long end = Hours.startOf(Micros.of(now));
    TimeRange hours =
        range
            .map(TimeRange::toWholeHours)
            .orElseGet(() -> new TimeRange(end - USUAL_HOURS * Hours.MICROS, end));
    SortedSet<Instant> starts = new TreeSet<>();
    hours.hours().forEach(hour -> starts.add(Micros.toInstant(hour)));
    List<Verdict> verdicts = new ArrayList<>();
    if (!rules.isEmpty()) {
      HourJudge judge = HourJudge.of(lake, rules, now).withTheDoor();
      verdicts.addAll(Rollup.judge(lake, starts, judge).verdicts());
      verdicts.addAll(Freshness.judge(lake, rules, now));
      QualityResults.append(lake, UUID.randomUUID().toString(), rules, verdicts);
    }
    SortedMap<Instant, List<String>> held = new TreeMap<>(Rollup.heldHours(lake));
    List<Instant> released = new ArrayList<>();
    Releases releases = Releases.read(lake);
    held.forEach(
        (hour, by) -> {
          if (by.stream().allMatch(rule -> releases.contains(hour, rule))) {
            released.add(hour);
          }
        });
    released.forEach(held::remove);
    return new CheckReport(hours, verdicts, held, released);
  }

  /**
   * Releases a held hour from the rules that hold it; the next rollup publishes it.
   *
   * @param hour its start
   * @return the rules
   * @throws dev.tidemark.pipeline.failure.PipelineException if the hour is not held
   */
  public List<String> release(Instant hour, String reason, String releasedBy) {
    SortedMap<Instant, List<String>> held = Rollup.heldHours(lake);
    if (!held.containsKey(hour)) {
      throw PipelineFailures.notHeld(
          hour,
          held.isEmpty()
              ? "no hour is held"
              : held.size() + " are, the first of them " + held.firstKey());
    }
    Releases releases = Releases.read(lake);
    List<String> rulesOfHour = held.get(hour);
    List<String> still =
        rulesOfHour.stream().filter(rule -> !releases.contains(hour, rule)).toList();
    if (!still.isEmpty()) {
      Releases.add(lake, hour, still, reason, releasedBy);
    }
    return rulesOfHour;
  }
}
