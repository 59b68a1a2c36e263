package dev.tidemark.pipeline.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RobustBaselineTest {
  private static final DoubleUnaryOperator NO_NOISE = median -> 0;

  /** Worked by hand: median 104, distances 4 2 0 3 96, their median 3. */
  @Test
  void spreadIsTheMedianDistanceAsAStandardDeviation() {
    RobustBaseline baseline = of(NO_NOISE, 0.001, 100, 102, 104, 107, 200);

    assertThat(baseline.expected()).isEqualTo(104);
    assertThat(baseline.spread()).isCloseTo(4.4478, within(1e-9));
    assertThat(baseline.score(104 + 2 * 4.4478)).isCloseTo(2, within(1e-9));
    assertThat(baseline.score(104 - 4.4478)).isCloseTo(-1, within(1e-9));
  }

  @Test
  void anEvenNumberOfFiguresHasItsMedianInBetween() {
    assertThat(RobustBaseline.median(new double[] {4, 1, 3, 2})).isEqualTo(2.5);
    assertThat(RobustBaseline.median(new double[] {Double.MAX_VALUE, Double.MAX_VALUE}))
        .isEqualTo(Double.MAX_VALUE);
  }

  /** Four hours that are all alike do not make the fifth unusual that has one request more. */
  @Test
  void countingAndTheFloorKeepTheSpreadFromVanishing() {
    assertThat(of(Math::sqrt, 1, 400, 400, 400, 400).spread()).isEqualTo(20);
    assertThat(of(Math::sqrt, 1, 0, 0, 0, 0).spread()).isEqualTo(1);
  }

  @Test
  void tooLittlePastIsNoBaseline() {
    assertThat(RobustBaseline.of(new double[] {1, 2, 3}, 4, NO_NOISE, 1)).isEmpty();
    assertThat(RobustBaseline.of(new double[] {1, 2, 3, 4}, 4, NO_NOISE, 1)).isPresent();
    assertThat(RobustBaseline.of(new double[] {}, 0, NO_NOISE, 1)).isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void propertiesOfAnyPast(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int round = 0; round < 200; round++) {
      int size = random.nextInt(4, 13);
      double[] past = random.doubles(size, 0, 1_000).toArray();
      RobustBaseline baseline = of(NO_NOISE, 1e-9, past);
      double figure = random.nextDouble(0, 2_000);

      double[] shuffled = past.clone();
      for (int i = size - 1; i > 0; i--) {
        int other = random.nextInt(i + 1);
        double held = shuffled[i];
        shuffled[i] = shuffled[other];
        shuffled[other] = held;
      }
      assertThat(of(NO_NOISE, 1e-9, shuffled)).as("order does not matter").isEqualTo(baseline);

      double[] moved = Arrays.stream(past).map(each -> 3 * each + 7).toArray();
      assertThat(of(NO_NOISE, 1e-9, moved).score(3 * figure + 7))
          .as("neither does the unit")
          .isCloseTo(baseline.score(figure), within(1e-6 * (1 + Math.abs(baseline.score(figure)))));

      assertThat(baseline.score(figure + 1)).isGreaterThan(baseline.score(figure));
      assertThat(baseline.score(baseline.expected())).isZero();
      assertThat(baseline.expected())
          .isBetween(
              Arrays.stream(past).min().getAsDouble(), Arrays.stream(past).max().getAsDouble());

      // However wild fewer than half of the weeks were, what is usual stays among the others.
      int wild = (size - 1) / 2;
      double[] disturbed = past.clone();
      for (int i = 0; i < wild; i++) {
        disturbed[i] = random.nextBoolean() ? 1e12 : -1e12;
      }
      double[] calm = Arrays.copyOfRange(past, wild, size);
      assertThat(of(NO_NOISE, 1e-9, disturbed).expected())
          .isBetween(
              DoubleStream.of(calm).min().getAsDouble(), DoubleStream.of(calm).max().getAsDouble());
      assertThat(of(NO_NOISE, 1e-9, disturbed).spread()).isLessThanOrEqualTo(1.4826 * 1_000);
    }
  }

  private static RobustBaseline of(DoubleUnaryOperator noise, double floor, double... past) {
    return RobustBaseline.of(past, 1, noise, floor).orElseThrow();
  }
}
