package dev.tidemark.pipeline.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliverySetTest {
  /** Few values of each half and few times, so that all kinds of near misses come up. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anEventIsFirstOnce(long seed) {
    Random random = new Random(seed);
    DeliverySet set = new DeliverySet();
    Set<List<Long>> seen = new HashSet<>();
    for (int delivery = 0; delivery < 50_000; delivery++) {
      long high = random.nextInt(30);
      long low = random.nextInt(60);
      long time = random.nextInt(12) - 6;
      long window = Math.floorDiv(time, 3L);

      assertThat(set.add(window, high, low, time)).isEqualTo(seen.add(List.of(high, low, time)));
    }
  }
}
