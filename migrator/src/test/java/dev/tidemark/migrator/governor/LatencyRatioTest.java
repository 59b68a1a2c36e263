package dev.tidemark.migrator.governor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LatencyRatioTest {
  private final LatencyRatio ratio = new LatencyRatio(100, 50);

  @Test
  void nothingIsSaidBeforeThereIsSomethingToCompare() {
    add(99, 1, false);
    assertThat(ratio.ratio()).isEmpty();
    add(1, 1, false);
    assertThat(ratio.ratio()).hasValue(1);
  }

  @Test
  void workAloneMakesNoBaseline() {
    add(1_000, 5, true);
    assertThat(ratio.ratio()).isEmpty();
    assertThat(ratio.baseline()).isNaN();
  }

  @Test
  void itIsThe95thPercentileOfWhatEverybodyMeets() {
    add(50, 2, false);
    add(94, 2, true);
    add(6, 3, true);
    assertThat(ratio.ratio().orElseThrow()).isEqualTo(1.5);
    // Five of a hundred are more than the percentile looks at.
    add(95, 2, true);
    add(5, 100, true);
    assertThat(ratio.ratio().orElseThrow()).isEqualTo(1);
  }

  @Test
  void theBaselineFallsAtOnceAndRisesSlowly() {
    add(50, 4, false);
    add(50, 2, false);
    assertThat(ratio.baseline()).isEqualTo(2);
    add(50, 10, false);
    assertThat(ratio.baseline()).isCloseTo(2.1, within(1e-9));
    add(50, 2.05, false);
    assertThat(ratio.baseline()).isEqualTo(2.05);
    add(50 * 200, 3, false);
    assertThat(ratio.baseline()).isEqualTo(3);
  }

  private void add(int count, double latency, boolean atWork) {
    for (int i = 0; i < count; i++) {
      ratio.add(latency, atWork);
    }
  }
}
