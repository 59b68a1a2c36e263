package dev.tidemark.pipeline.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.pipeline.failure.PipelineWarning;
import dev.tidemark.pipeline.runs.EndedRun;
import dev.tidemark.pipeline.runs.RunHistory;
import dev.tidemark.pipeline.runs.UnendedRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdviceTest {
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private static final StatusSettings SETTINGS =
      new StatusSettings(Duration.ofHours(2), Duration.ofDays(7), Duration.ofHours(1));

  private final List<EndedRun> ended = new ArrayList<>();
  private final List<UnendedRun> unended = new ArrayList<>();

  @Test
  void whereAllIsWellNothingIsToBeDone() {
    rollup(30, "done");
    run("maintain", 60, "done");
    run("reconcile", 90, "done");

    assertThat(codes(0, 0, 0)).isEmpty();
  }

  @Test
  void aRollupThatFailedIsToldUntilAnotherDoes() {
    rollup(90, "done");
    rollup(30, "failed");
    assertThat(codes(0, 0, 0)).containsExactly("TM-PIP-122");

    rollup(10, "done");
    assertThat(codes(0, 0, 0)).isEmpty();
  }

  @Test
  void aRunThatWasKilledIsToldUntilAnotherHasDoneItsWork() {
    rollup(90, "done");
    unended.add(unended(60, UnendedRun.State.KILLED));
    unended.add(unended(40, UnendedRun.State.KILLED));
    unended.add(unended(5, UnendedRun.State.RUNNING));
    assertThat(actions(0, 0, 0))
        .singleElement()
        .satisfies(
            action -> {
              assertThat(action.code()).isEqualTo("TM-PIP-123");
              assertThat(action.problem()).contains("2026-11-26T11:20:00Z");
              assertThat(action.reason()).contains("is gone");
            });

    rollup(30, "failed");
    assertThat(codes(0, 0, 0)).containsExactly("TM-PIP-122", "TM-PIP-123");
    rollup(20, "done");
    assertThat(codes(0, 0, 0)).isEmpty();
  }

  @Test
  void rollupsAreBehindWhenNoneHasDoneItsWorkForLong() {
    assertThat(codes(3, 0, 0)).containsExactly("TM-PIP-124");
    rollup(121, "done");
    assertThat(codes(0, 0, 0)).containsExactly("TM-PIP-124");
    rollup(119, "done");
    assertThat(codes(0, 0, 0)).isEmpty();
  }

  @Test
  void aRunThatSaysToHaveSeenTheFutureIsTold() {
    rollup(0, "done");
    assertThat(codes(0, 0, 0)).isEmpty();

    rollup(-2, "done");
    assertThat(codes(0, 0, 0)).containsExactly("TM-PIP-140");
  }

  /** Of two sources the one that nobody has looked at for longer decides. */
  @Test
  void theSourceThatIsBehindDecides() {
    rollup(200, "done", "files:/in");
    rollup(300, "done", "files:/in");
    rollup(30, "done", "postgres:1");

    assertThat(advice().dataAsOf()).contains(NOW.minus(Duration.ofMinutes(200)));
    assertThat(codes(0, 0, 0)).containsExactly("TM-PIP-124");
  }

  @Test
  void windowsThatWaitOrAreHeldAreTold() {
    rollup(30, "done");

    assertThat(codes(1, 0, 0)).containsExactly("TM-PIP-125");
    assertThat(codes(0, 1, 2)).containsExactly("TM-PIP-125", "TM-PIP-128");
  }

  @Test
  void aMismatchIsToldUntilAReconciliationAgrees() {
    rollup(30, "done");
    run("reconcile", 20, "mismatch");
    assertThat(codes(0, 0, 0)).containsExactly("TM-PIP-126");

    run("reconcile", 10, "done");
    assertThat(codes(0, 0, 0)).isEmpty();
  }

  @Test
  void maintenanceIsDueAWeekAfterTheLast() {
    rollup(8 * 24 * 60, "done");
    rollup(30, "done");
    assertThat(codes(0, 0, 0)).containsExactly("TM-PIP-127");

    run("maintain", 29, "failed");
    assertThat(codes(0, 0, 0)).containsExactly("TM-PIP-122", "TM-PIP-127");
    run("maintain", 28, "done");
    assertThat(codes(0, 0, 0)).isEmpty();
  }

  private Advice advice() {
    return new Advice(SETTINGS, new RunHistory(ended, unended), NOW);
  }

  private List<PipelineWarning> actions(int hours, int days, long held) {
    return advice().actions(hours, days, held);
  }

  private List<String> codes(int hours, int days, long held) {
    return actions(hours, days, held).stream().map(PipelineWarning::code).toList();
  }

  private void rollup(int minutesAgo, String outcome) {
    rollup(minutesAgo, outcome, "postgres:1");
  }

  private void rollup(int minutesAgo, String outcome, String source) {
    Instant began = NOW.minus(Duration.ofMinutes(minutesAgo));
    ended.add(
        new EndedRun(
            "r" + minutesAgo,
            "rollup",
            source,
            began,
            began.plusSeconds(20),
            outcome,
            outcome.equals("failed") ? Optional.of("TM-PIP-003") : Optional.empty(),
            outcome.equals("failed") ? Optional.empty() : Optional.of(began)));
  }

  private void run(String command, int minutesAgo, String outcome) {
    Instant began = NOW.minus(Duration.ofMinutes(minutesAgo));
    ended.add(
        new EndedRun(
            command + minutesAgo,
            command,
            "postgres:1",
            began,
            began.plusSeconds(20),
            outcome,
            outcome.equals("failed") ? Optional.of("TM-PIP-004") : Optional.empty(),
            Optional.empty()));
  }

  private static UnendedRun unended(int minutesAgo, UnendedRun.State state) {
    return new UnendedRun(
        "u" + minutesAgo,
        "rollup",
        "postgres:1",
        NOW.minus(Duration.ofMinutes(minutesAgo)),
        "7@here",
        state);
  }
}
