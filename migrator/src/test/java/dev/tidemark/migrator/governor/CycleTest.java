package dev.tidemark.migrator.governor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Canary and control law together, against a simulated server: chunks of 10 seconds make a part of
 * what others ask three times as slow. The best fixed share is the one at which a twentieth of all
 * is slow, so that the 95th percentile just does not show it.
 */
class CycleTest {
  private static final double BOUND = 1.2;
  private static final double CHUNK_SECONDS = 10;
  private static final double PING_SECONDS = 0.02;
  private static final GovernorSettings SETTINGS =
      new GovernorSettings(
          Duration.ofSeconds(10),
          0.05,
          0.5,
          0.95,
          Duration.ofSeconds(2),
          Duration.ofSeconds(1),
          Duration.ofMinutes(10),
          1,
          1);

  @ParameterizedTest(name = "{0} of what is asked during a chunk is slow")
  @CsvSource({"0.02, 0.95", "0.10, 0.5", "0.20, 0.25", "0.40, 0.125"})
  void itWorksMostOfTheTimeThatTheBoundAllows(double slow, double bestShare) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(5);
    LatencyRatio ratio = new LatencyRatio(100, 50);
    Governor governor = new Governor(SETTINGS, 1);
    List<Double> met = new ArrayList<>();
    List<Double> alone = new ArrayList<>();
    double now = 0;
    double worked = 0;
    double began = 0;
    for (int i = 0; i < 100; i++) {
      ratio.add(1 + random.nextDouble() / 10, false);
    }
    Optional<Chunk> last = Optional.empty();
    for (int chunk = 0; chunk < 260; chunk++) {
      if (chunk == 60) { // It has settled.
        began = now;
        worked = 0;
        met.clear();
      }
      OptionalDouble read = ratio.ratio();
      Level level = read.orElse(1) >= BOUND ? Level.THROTTLE : Level.CALM;
      Reading reading = new Reading("canary", level, read.orElse(1), "");
      Decision decision =
          governor.decide(
              new Sample(Duration.ofMillis((long) (now * 1e3)), last, List.of(reading)));
      double pause = decision.pause().toMillis() / 1e3;
      for (double t = 0; t < pause; t += PING_SECONDS) {
        double latency = 1 + random.nextDouble() / 10;
        ratio.add(latency, false);
        met.add(latency);
        alone.add(latency);
      }
      for (double t = 0; t < CHUNK_SECONDS; t += PING_SECONDS) {
        double latency = (1 + random.nextDouble() / 10) * (random.nextDouble() < slow ? 3 : 1);
        ratio.add(latency, true);
        met.add(latency);
      }
      now += pause + CHUNK_SECONDS;
      worked += CHUNK_SECONDS;
      last = Optional.of(new Chunk(1, Duration.ofMillis((long) (CHUNK_SECONDS * 1e3))));
    }
    assertThat(percentile95(met) / percentile95(alone)).isLessThanOrEqualTo(BOUND);
    assertThat(worked / (now - began) / bestShare).isGreaterThanOrEqualTo(0.7);
  }

  private static double percentile95(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get((int) Math.ceil(0.95 * sorted.size()) - 1);
  }
}
