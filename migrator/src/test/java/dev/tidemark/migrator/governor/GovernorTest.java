package dev.tidemark.migrator.governor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.tidemark.migrator.governor.Decision.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The control law against a simulated source; time is counted, not waited for. */
class GovernorTest {
  private static final Duration INTERVAL = Duration.ofMillis(500);
  private static final GovernorSettings SETTINGS =
      new GovernorSettings(
          INTERVAL,
          0.05,
          0.5,
          0.95,
          Duration.ofSeconds(2),
          Duration.ofSeconds(1),
          Duration.ofMinutes(10),
          1,
          Long.MAX_VALUE);

  private static final List<Reading> CALM = List.of(reading(Level.CALM));
  private static final List<Reading> SLOW = List.of(reading(Level.THROTTLE));
  private static final List<Reading> STOP = List.of(reading(Level.STOP));

  @Test
  void aChunkComesToFillItsIntervalAndStaysThere() {
    Run run = new Run(1_000, size -> 20_000L * size);
    run.steps(60, () -> CALM);

    // 0.9 to 0.95 of 500 ms at 20 µs each.
    assertThat(run.last().size()).isBetween(22_500L, 23_750L);
    assertThat(run.sizes()).as("never too much on the way").allMatch(size -> size <= 23_750 * 1.01);
    long settled = run.last().size();
    run.steps(100, () -> CALM);
    assertThat(run.last().size()).isEqualTo(settled);
  }

  @Test
  void whereRowsSuddenlyCostTenTimesAsMuchChunksAreShortAgainSoon() {
    long[] cost = {20_000};
    Run run = new Run(1_000, size -> cost[0] * size);
    run.steps(60, () -> CALM);
    cost[0] = 200_000;
    run.steps(1, () -> CALM);
    assertThat(run.duration(run.last().size())).isGreaterThan(INTERVAL);
    run.steps(8, () -> CALM);
    assertThat(run.duration(run.last().size())).isLessThan(INTERVAL.multipliedBy(11).dividedBy(10));
    run.steps(30, () -> CALM);
    assertThat(run.last().size()).isBetween(2_250L, 2_375L);
  }

  @Test
  void aFixedCostOfEachChunkIsTakenIntoAccount() {
    Run run = new Run(100, size -> 50_000_000 + 20_000L * size);
    run.steps(120, () -> CALM);
    assertThat(run.duration(run.last().size()))
        .isBetween(Duration.ofMillis(445), Duration.ofMillis(480));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void noiseMovesTheSizeLittle(long seed) {
    RandomGenerator random = random(seed);
    Run run = new Run(20_000, size -> Math.round(20_000L * size * random.nextDouble(0.6, 1.4)));
    run.steps(40, () -> CALM);
    int from = run.sizes().size();
    run.steps(200, () -> CALM);
    assertThat(run.sizes().subList(from, run.sizes().size()))
        .allMatch(size -> size > 12_000 && size < 36_000);
    assertThat(run.sizes().stream().skip(from).mapToLong(Long::longValue).average().orElse(0))
        .isBetween(20_000.0, 26_500.0);
  }

  @Test
  void undisturbedItWorksNearlyAllTheTimeAndThrottledTheLeast() {
    Run run = new Run(20_000, size -> 20_000L * size);
    run.steps(100, () -> CALM);
    assertThat(run.last().share()).isEqualTo(0.95);
    assertThat(run.last().reason()).isEmpty();
    assertThat(run.workedShareOfLast(20)).isBetween(0.94, 0.96);

    run.steps(100, () -> SLOW);
    assertThat(run.last().action()).isEqualTo(Action.GO);
    assertThat(run.last().share()).isEqualTo(0.05);
    assertThat(run.last().reason()).contains("trial: is throttle");
    assertThat(run.workedShareOfLast(20)).isBetween(0.049, 0.051);
  }

  @Test
  void oneSlowDownIsGivenTimeToShowBeforeTheNext() {
    Run run = new Run(20_000, size -> 20_000L * size);
    run.steps(100, () -> CALM);
    run.steps(1, () -> SLOW);
    assertThat(run.last().share()).isEqualTo(0.95 * 0.7);
    Duration slowedAt = run.now();
    while (run.now().minus(slowedAt).compareTo(Duration.ofMillis(1_300)) < 0) {
      run.steps(1, () -> SLOW);
      assertThat(run.last().share()).isEqualTo(0.95 * 0.7);
    }
    run.steps(2, () -> SLOW);
    assertThat(run.last().share()).isEqualTo(0.95 * 0.7 * 0.7);
  }

  @Test
  void calmWinsATwentiethOfTheTimeInEachReactionTime() {
    Run run = new Run(20_000, size -> 20_000L * size);
    run.steps(100, () -> SLOW);
    Duration calmSince = run.now();
    while (run.last().share() < 0.5) {
      run.steps(1, () -> CALM);
    }
    // From 0.05 to 0.5 are nine times 0.05; pauses are long in the beginning, and count as one.
    assertThat(run.now().minus(calmSince))
        .isBetween(Duration.ofSeconds(18), Duration.ofSeconds(45));
  }

  @Test
  void aSignalThatTellsHowLongARestItAsksForGetsThatRestAndTakesNoShare() {
    Governor governor = new Governor(SETTINGS, 100);
    Optional<Chunk> last = Optional.of(new Chunk(100, Duration.ofSeconds(1)));
    Decision rested =
        governor.decide(new Sample(Duration.ofSeconds(1), last, List.of(rest(4), rest(2))));
    assertThat(rested.pause()).isEqualTo(Duration.ofSeconds(4));
    assertThat(rested.share()).isEqualTo(0.2);
    assertThat(rested.reason()).contains("trial: asks for 4; trial: asks for 2");
    Decision longest =
        governor.decide(new Sample(Duration.ofSeconds(6), last, List.of(rest(86_400))));
    assertThat(longest.pause()).as("it ends").isEqualTo(Duration.ofSeconds(19));
    assertThat(longest.share()).isEqualTo(0.05);
    Decision calm = governor.decide(new Sample(Duration.ofSeconds(26), last, CALM));
    assertThat(calm.share())
        .as("first, and three times five percent")
        .isEqualTo(0.625, within(1e-9));
  }

  @Test
  void stopHoldsWithAReasonAndGoesOnCarefully() {
    Run run = new Run(20_000, size -> 20_000L * size);
    run.steps(100, () -> CALM);
    long size = run.last().size();
    run.steps(30, () -> STOP);
    assertThat(run.last())
        .isEqualTo(
            new Decision(
                Action.HOLD, size, Duration.ofSeconds(1), 0, Optional.of("trial: is stop")));
    run.steps(1, () -> CALM);
    assertThat(run.last().action()).isEqualTo(Action.GO);
    assertThat(run.last().share()).isBetween(0.5, 0.55);
    assertThat(run.last().size()).isEqualTo(size);
  }

  @Test
  void aSignalThatNeverRecoversEndsInGivingUpAtTheLongestHold() {
    Run run = new Run(20_000, size -> 20_000L * size);
    run.steps(10, () -> CALM);
    Duration heldSince = run.now();
    while (run.last().action() != Action.GIVE_UP) {
      run.steps(1, () -> STOP);
    }
    assertThat(run.now().minus(heldSince))
        .isBetween(SETTINGS.longestHold(), SETTINGS.longestHold().plusSeconds(1));
    assertThat(run.last().reason()).contains("trial: is stop");
  }

  @Test
  void holdsAreCountedOneByOne() {
    Run run = new Run(20_000, size -> 20_000L * size);
    for (int hold = 0; hold < 5; hold++) {
      run.steps(500, () -> STOP);
      assertThat(run.last().action()).isEqualTo(Action.HOLD);
      run.steps(1, () -> CALM);
    }
  }

  @Test
  void anyOneSignalIsEnoughAndWhatIsUnknownAsksForNothing() {
    Governor governor = new Governor(SETTINGS, 100);
    assertThat(decide(governor, Level.CALM, Level.UNKNOWN, Level.STOP).action())
        .isEqualTo(Action.HOLD);
    Decision throttled = decide(governor, Level.THROTTLE, Level.UNKNOWN, Level.CALM);
    assertThat(throttled.action()).isEqualTo(Action.GO);
    assertThat(throttled.reason()).contains("trial: is throttle");
    assertThat(decide(governor, Level.UNKNOWN).reason()).isEmpty();
    assertThat(governor.decide(new Sample(Duration.ZERO, Optional.empty(), List.of())).action())
        .isEqualTo(Action.GO);
  }

  /** Whatever it is told: sizes, shares and pauses within bounds, steps of at most a fifth. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void whateverItIsToldItStaysWithinItsBounds(long seed) {
    RandomGenerator random = random(seed);
    long least = random.nextLong(1, 1_000);
    long most = least + random.nextLong(1_000_000);
    Governor governor = new Governor(SETTINGS.withSizes(least, most), random.nextLong(1, most * 2));
    Duration at = Duration.ZERO;
    Optional<Long> before = Optional.empty();
    Optional<Chunk> last = Optional.empty();
    for (int i = 0; i < 2_000; i++) {
      Level level = Level.values()[random.nextInt(4)];
      Decision decision = governor.decide(new Sample(at, last, List.of(reading(level))));
      assertThat(decision.size()).isBetween(least, most);
      if (before.isPresent()) {
        assertThat(decision.size())
            .isBetween((long) Math.floor(before.get() * 0.5), (long) Math.ceil(before.get() * 1.2));
      }
      before = Optional.of(decision.size());
      assertThat(decision.pause()).isGreaterThanOrEqualTo(Duration.ZERO);
      if (decision.action() == Action.GO) {
        assertThat(level).isNotEqualTo(Level.STOP);
        assertThat(decision.share()).isBetween(0.05, 0.95);
        Duration worked = last.map(Chunk::duration).orElse(Duration.ZERO);
        assertThat(decision.pause())
            .isBetween(worked.dividedBy(20), worked.multipliedBy(19).plusMillis(1));
        last =
            Optional.of(
                new Chunk(
                    random.nextLong(1, decision.size() + 1),
                    Duration.ofNanos(random.nextLong(0, 60_000_000_000L))));
      } else {
        assertThat(decision.action() == Action.HOLD).isEqualTo(decision.pause().toNanos() > 0);
        last = Optional.empty();
      }
      at = at.plusMillis(random.nextLong(3_000));
    }
  }

  @Test
  void boundsThatLeaveNothingBetweenThemAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> SETTINGS.withSizes(2, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> SETTINGS.withInterval(Duration.ZERO));
    assertThatIllegalArgumentException().isThrownBy(() -> new Chunk(0, INTERVAL));
  }

  /** A job under the governor, in a time of its own. */
  private static final class Run {
    private final Governor governor;
    private final Function<Long, Long> nanos;
    private final List<Decision> decisions = new ArrayList<>();
    private final List<Duration[]> workAndPause = new ArrayList<>();
    private Duration now = Duration.ZERO;
    private Optional<Chunk> chunk = Optional.empty();

    private Run(long firstSize, Function<Long, Long> nanos) {
      this.governor = new Governor(SETTINGS, firstSize);
      this.nanos = nanos;
    }

    private void steps(int count, java.util.function.Supplier<List<Reading>> readings) {
      for (int i = 0; i < count; i++) {
        Decision decision = governor.decide(new Sample(now, chunk, readings.get()));
        decisions.add(decision);
        chunk.ifPresent(
            done -> workAndPause.add(new Duration[] {done.duration(), decision.pause()}));
        now = now.plus(decision.pause());
        chunk = Optional.empty();
        if (decision.action() == Action.GO) {
          chunk = Optional.of(new Chunk(decision.size(), duration(decision.size())));
          now = now.plus(chunk.get().duration());
        }
      }
    }

    private Duration duration(long size) {
      return Duration.ofNanos(nanos.apply(size));
    }

    private Duration now() {
      return now;
    }

    private Decision last() {
      return decisions.get(decisions.size() - 1);
    }

    private List<Long> sizes() {
      return decisions.stream().map(Decision::size).toList();
    }

    private double workedShareOfLast(int count) {
      double worked = 0;
      double all = 0;
      for (Duration[] pair :
          workAndPause.subList(workAndPause.size() - count, workAndPause.size())) {
        worked += pair[0].toNanos();
        all += pair[0].toNanos() + pair[1].toNanos();
      }
      return worked / all;
    }
  }

  private static Decision decide(Governor governor, Level... levels) {
    List<Reading> readings = new ArrayList<>();
    for (Level level : levels) {
      readings.add(reading(level));
    }
    return governor.decide(new Sample(Duration.ofSeconds(1), Optional.empty(), readings));
  }

  private static Reading reading(Level level) {
    return new Reading("trial", level, 1, "is " + level.name().toLowerCase(java.util.Locale.ROOT));
  }

  private static Reading rest(long seconds) {
    return new Reading(
        "trial", Level.THROTTLE, 1, "asks for " + seconds, Duration.ofSeconds(seconds));
  }

  private static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }
}
