package dev.tidemark.pipeline.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Judging against the past, without a lake. */
class HourJudgeTest {
  private static final Instant HOUR = Instant.parse("2026-06-01T10:00:00Z");
  private static final Instant LATER = HOUR.plus(Duration.ofDays(1));
  private static final String VOLUME =
      "{ name = volume, anomaly = requests, weeks = 6, severity = %s }";
  private static final String ERRORS =
      "{ name = errors, anomaly = error_rate, weeks = 4, severity = warn }";

  @Test
  void anHourIsComparedWithTheSameHourOfPastWeeks() {
    Map<Instant, HourSums> past = weeks(400, 405, 395, 410);
    // Median 402.5; distances 2.5 2.5 7.5 7.5, spread 7.413; counting alone makes it sqrt(402.5) =
    // 20.06.
    assertThat(outcome(VOLUME, past, 402 + 70)).isEqualTo(Outcome.PASSED);
    assertThat(outcome(VOLUME, past, 402 + 71)).isEqualTo(Outcome.FAILED);
    assertThat(outcome(VOLUME, past, 403 - 71)).isEqualTo(Outcome.FAILED);
    assertThat(outcome(VOLUME, past, 0)).as("nothing arrived").isEqualTo(Outcome.FAILED);
    assertThat(outcome(VOLUME.replace("weeks", "direction = high, weeks"), past, 0))
        .isEqualTo(Outcome.PASSED);
    String low = VOLUME.replace("weeks", "direction = low, weeks");
    assertThat(outcome(low, past, 4_000)).isEqualTo(Outcome.PASSED);
    assertThat(outcome(low, past, 0)).isEqualTo(Outcome.FAILED);
  }

  @Test
  void otherHoursAndOlderWeeksAreNoPast() {
    Map<Instant, HourSums> past = new HashMap<>();
    for (int week = 1; week <= 20; week++) {
      Instant same = HOUR.minus(Duration.ofDays(7L * week));
      past.put(same.plus(Duration.ofHours(1)), sums(400, 0));
      past.put(same.minus(Duration.ofDays(1)), sums(400, 0));
      if (week == 1 || week > 6) {
        past.put(same, sums(400, 0));
      }
    }
    assertThat(outcome(VOLUME, past, 4_000)).isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void anHourThatIsNotOverHasNoVerdict() {
    HourJudge judge = judge(VOLUME.formatted("stop"), HOUR.plus(Duration.ofMinutes(59)));
    assertThat(judge.judge(weeks(400, 400, 400, 400), hours(HOUR, 1)).verdicts())
        .extracting(Verdict::outcome)
        .containsExactly(Outcome.UNKNOWN);
  }

  /** What is judged now is past for what comes after it, unless it is held. */
  @Test
  void hoursOfOneJudgementAreEachOthersPast() {
    SortedMap<Instant, HourSums> hours = new TreeMap<>();
    for (int week = 0; week < 8; week++) {
      hours.put(HOUR.plus(Duration.ofDays(7L * week)), sums(week < 4 ? 400 : 9_000, 0));
    }
    Judgement judgement =
        judge(VOLUME.formatted("stop"), HOUR.plus(Duration.ofDays(90))).judge(Map.of(), hours);

    assertThat(judgement.held().keySet())
        .containsExactly(
            HOUR.plus(Duration.ofDays(28)),
            HOUR.plus(Duration.ofDays(35)),
            HOUR.plus(Duration.ofDays(42)));
    assertThat(judgement.verdicts().subList(0, 4))
        .extracting(Verdict::outcome)
        .containsOnly(Outcome.UNKNOWN);
    // Of the six weeks before the last hour three are held: they make it neither usual nor not.
    assertThat(judgement.verdicts().get(7).outcome()).isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void errorRatesAreComparedByWhatTheirNumberOfRequestsLetsExpect() {
    Map<Instant, HourSums> past = new HashMap<>();
    for (int week = 1; week <= 4; week++) {
      past.put(HOUR.minus(Duration.ofDays(7L * week)), sums(1_000, 10));
    }
    // Usually 1 %. Of 100 requests, counting alone makes 0.995 % of spread: 3.5 of them up to 4.48
    // %.
    assertThat(of(ERRORS, past, sums(100, 4)).outcome()).isEqualTo(Outcome.PASSED);
    assertThat(of(ERRORS, past, sums(100, 5)).outcome()).isEqualTo(Outcome.FAILED);
    // Of 100,000 requests the floor of 0.5 % counts: up to 2.75 %.
    assertThat(of(ERRORS, past, sums(100_000, 2_749)).outcome()).isEqualTo(Outcome.PASSED);
    assertThat(of(ERRORS, past, sums(100_000, 2_751)).outcome()).isEqualTo(Outcome.FAILED);
    assertThat(of(ERRORS, past, sums(100_000, 0)).outcome()).isEqualTo(Outcome.PASSED);
    assertThat(of(ERRORS, past, sums(0, 0)).outcome()).isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void conditionsHoldByTheirSeverity() {
    HourJudge judge =
        judge(
            "{ name = calm, hour = x, severity = stop }, { name = known, event = y, severity = warn }",
            LATER);
    SortedMap<Instant, HourSums> hours = new TreeMap<>();
    hours.put(HOUR, new HourSums(sums(7, 0).measures(), List.of(0L, 3L)));
    hours.put(LATER, new HourSums(sums(7, 0).measures(), List.of(1L, 0L)));

    Judgement judgement = judge.judge(Map.of(), hours);

    assertThat(judgement.held()).containsExactly(Map.entry(LATER, List.of("calm")));
    assertThat(judgement.failed())
        .extracting(verdict -> verdict.windowStart() + " " + verdict.rule())
        .containsExactly(HOUR + " known", LATER + " calm");
    assertThat(judge.isIdle()).isFalse();
    assertThat(HourJudge.NONE.isIdle()).isTrue();
  }

  private static Outcome outcome(String rule, Map<Instant, HourSums> past, long requests) {
    return of(rule.formatted("warn"), past, sums(requests, 0)).outcome();
  }

  private static Verdict of(String rule, Map<Instant, HourSums> past, HourSums sums) {
    SortedMap<Instant, HourSums> hours = new TreeMap<>(Map.of(HOUR, sums));
    return judge(rule, LATER).judge(past, hours).verdicts().get(0);
  }

  private static HourJudge judge(String rules, Instant now) {
    return HourJudge.of(RulesFile.parse("test", "rules = [" + rules + "]"), Optional.empty(), now);
  }

  private static SortedMap<Instant, HourSums> hours(Instant hour, long requests) {
    return new TreeMap<>(Map.of(hour, sums(requests, 0)));
  }

  private static Map<Instant, HourSums> weeks(long... requests) {
    Map<Instant, HourSums> past = new HashMap<>();
    for (int week = 0; week < requests.length; week++) {
      past.put(HOUR.minus(Duration.ofDays(7L * (week + 1))), sums(requests[week], 0));
    }
    return past;
  }

  private static HourSums sums(long requests, long errors) {
    return new HourSums(List.of(requests, errors, 0L, 0L, 0L, 0L, 0L), List.of());
  }
}
