package dev.tidemark.migrator.governor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a canary asks for whose latencies are made up; a query is due every 20 ms. */
class CanaryJudgeTest {
  private static final double EVERY = 0.02;

  private CanaryJudge judge = judge();
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);

  @BeforeEach
  void learnWhatIsNormal() {
    assertThat(judge.read().words()).isEqualTo("the canary's latency is being learnt");
    rest(10, 1);
  }

  @Test
  void aChunkDuringWhichAllIsSlowAsksForTwentyTimesItsLengthAndIsCalmAfterIt() {
    work(10, 3);
    assertThat(judge.read().level()).isEqualTo(Level.THROTTLE);
    double asked = asked();
    assertThat(asked).isBetween(180.0, 10 / SlowTime.ALLOWED);
    rest(asked / 2, 1);
    assertThat(asked()).isBetween(asked * 0.49, asked * 0.51);
    rest(asked / 2 + 1, 1);
    assertThat(judge.read().level()).isEqualTo(Level.CALM);
    assertThat(asked()).isZero();
  }

  @ParameterizedTest(name = "{0} s")
  @ValueSource(doubles = {0.5, 10, 120})
  void aPartOfAChunkThatIsSlowIsPaidByWhatMakesItTheAllowedPartOfTheWholeCycle(double chunk) {
    double worked = 0;
    double rested = 0;
    while (worked < 300) {
      mixed(chunk, 0.3);
      worked += chunk;
      double asked = asked();
      rest(asked, 1);
      rested += asked;
    }
    assertThat(0.3 * worked / (worked + rested)).isBetween(SlowTime.ALLOWED * 0.85, 0.05);
  }

  @Test
  void whatIsSlowForLessThanTheAllowedPartIsCalm() {
    mixed(60, 0.03);
    assertThat(judge.read().level()).isEqualTo(Level.CALM);
  }

  @Test
  void noiseThatIsAlwaysThereIsCalm() {
    judge = judge();
    noise(120, false);
    int throttled = 0;
    for (int i = 0; i < 200; i++) {
      noise(10, true);
      throttled += judge.read().level() == Level.THROTTLE ? 1 : 0;
      noise(10, false);
    }
    assertThat(throttled).isLessThan(20);
  }

  @Test
  void creditIsNoMoreThanAChunkOfThatLengthEarns() {
    rest(3_600, 1);
    mixed(2, 0);
    work(1, 3);
    assertThat(asked()).as("an hour of calm is no licence").isGreaterThan(10);
  }

  /** Somebody else's hour of disturbance is not to be paid for hours. */
  @Test
  void afterADisturbanceOfAnyLengthItIsCalmWithinAKnownTime() {
    work(10, 3);
    for (int i = 0; i < 20; i++) {
      rest(20, 3);
      work(10, 3);
    }
    assertThat(asked()).as("no more than a chunk is owed").isGreaterThan(10 / SlowTime.ALLOWED - 1);
    rest(10 / SlowTime.ALLOWED + 1, 1);
    assertThat(judge.read().level()).isEqualTo(Level.CALM);
  }

  /** A server that is slower from now on: at first nothing pays, then it is what is normal. */
  @Test
  void whatNeverRecoversComesToBeNormal() {
    work(10, 3);
    rest(20, 3);
    assertThat(asked()).as("rest does not pay").isEqualTo(Duration.ofDays(1).toSeconds());
    rest(4_500, 3);
    assertThat(judge.read().level()).isEqualTo(Level.CALM);
    work(10, 3);
    assertThat(judge.read().level()).isEqualTo(Level.CALM);
  }

  @Test
  void whetherToStopIsAMatterOfTheLastMoments() {
    work(10, 25);
    assertThat(judge.read().level()).isEqualTo(Level.STOP);
    rest(3, 1);
    assertThat(judge.read().level()).as("debt holds nobody").isEqualTo(Level.THROTTLE);
  }

  @Test
  void queriesThatWereDueWhileOneWasNotAnsweredCountAsHavingWaited() {
    judge.add(Duration.ofSeconds(4), Duration.ofMillis(20), true);
    assertThat(judge.read().level()).as("one of a hundred would not show").isEqualTo(Level.STOP);
    rest(2.1, 1);
    assertThat(judge.read().level()).isEqualTo(Level.THROTTLE);
    assertThat(asked()).isGreaterThan(60);
  }

  @Test
  void withoutAThresholdNothingIsAskedFor() {
    CanaryJudge mute =
        new CanaryJudge(new Threshold(OptionalDouble.empty(), OptionalDouble.empty()));
    for (int i = 0; i < 1_000; i++) {
      mute.add(Duration.ofMillis(i), Duration.ofMillis(20), i > 500);
    }
    assertThat(mute.read().level()).isEqualTo(Level.CALM);
  }

  private static CanaryJudge judge() {
    return new CanaryJudge(new Threshold(OptionalDouble.of(1.2), OptionalDouble.of(20)));
  }

  private double asked() {
    return judge.read().rest().toNanos() / 1e9;
  }

  private void work(double seconds, double times) {
    for (double t = 0; t < seconds; t += EVERY) {
      add(times, true);
    }
  }

  private void rest(double seconds, double times) {
    for (double t = 0; t < seconds; t += EVERY) {
      add(times, false);
    }
  }

  /** Work that makes a part three times as slow. */
  private void mixed(double seconds, double slow) {
    for (double t = 0; t < seconds; t += EVERY) {
      add(random.nextDouble() < slow ? 3 : 1, true);
    }
  }

  /** Latencies as of a queue, whether there is work or not. */
  private void noise(double seconds, boolean atWork) {
    for (double t = 0; t < seconds; t += EVERY) {
      add(-Math.log(1 - random.nextDouble()), atWork);
    }
  }

  private void add(double times, boolean atWork) {
    long latency = Math.round(times * 1e6 * (1 + random.nextDouble() / 20));
    judge.add(Duration.ofNanos(latency), Duration.ofMillis(20), atWork);
  }
}
