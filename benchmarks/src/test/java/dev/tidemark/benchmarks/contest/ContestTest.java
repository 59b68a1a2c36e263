package dev.tidemark.benchmarks.contest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.migrator.console.Json;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.UserFailure;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ContestTest {
  private final List<String> turns = new ArrayList<>();

  @Test
  void contestantsTakeTurnsAndWarmUpsDoNotCount() throws Exception {
    Contest contest = new Contest(1, 2, line -> {});
    Contestant one = contest.enter("one", () -> turns.add("one"));
    Contestant other = contest.enter("other", () -> turns.add("other"));

    contest.run();

    assertThat(turns).containsExactly("one", "other", "one", "other", "one", "other");
    assertThat(one.wallSeconds()).hasSize(2);
    assertThat(other.cpuSeconds()).hasSize(2);
  }

  @Test
  void ratiosAreTakenPairByPair() throws Exception {
    Contest contest = new Contest(0, 3, line -> {});
    Contestant ours = contest.enterMeasured("ours", costs(1, 6, 2));
    Contestant theirs = contest.enterMeasured("theirs", costs(4, 3, 2));

    contest.run();

    Ratio ratio = Ratio.ofWall("to_theirs", ours, theirs);
    assertThat(ratio.pairs()).containsExactly(0.25, 2.0, 1.0);
    assertThat(ratio.median()).isEqualTo(1.0);
    assertThat(ratio.atMost(0.9).met()).isFalse();
    assertThat(Json.write(new ContestReport("x").contestants(ours).atMost(1, ratio).json()))
        .startsWith("{\"bench\":\"x\",\"machine\":{")
        .contains(
            "\"contestants\":{\"ours\":{\"wall_s\":[1.0,6.0,2.0],\"cpu_s\":[0.5,3.0,1.0],\"peak_mib\":6}}")
        .contains("\"ratios\":{\"to_theirs\":1.0}");
  }

  @Test
  void aResultThatDiffersEndsTheContestWithAMismatch() {
    Contest contest = new Contest(0, 1, line -> {});
    Contestant wrong =
        contest.enter(
            "wrong",
            new Turn<Integer>() {
              @Override
              public Integer work() {
                return 41;
              }

              @Override
              public void check(Integer result) {
                ResultDiffers.unless("wrong", 42, result);
              }

              @Override
              public void clean() {
                turns.add("cleaned");
              }
            });

    assertThatThrownBy(contest::run)
        .isInstanceOfSatisfying(
            UserFailure.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.MISMATCH))
        .hasMessageContaining("expected 42, got 41");
    assertThat(wrong.wallSeconds()).isEmpty();
    assertThat(turns).containsExactly("cleaned");
  }

  private static Turn<Cost> costs(double... seconds) {
    Iterator<Double> next =
        Stream.of(seconds).flatMap(all -> java.util.Arrays.stream(all).boxed()).iterator();
    return () -> {
      double wall = next.next();
      return new Cost(wall, wall / 2, (long) wall << 20);
    };
  }
}
