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
  void itIsThe95thPercentileOfWhatEverybodyMeetsInPauseAndChunk() {
    add(50, 2, false);
    add(90, 2, true);
    add(10, 3, true);
    assertThat(ratio.ratio().orElseThrow()).isEqualTo(1.5);
    // Ten of two hundred are more than the percentile looks at, and ten of the last hundred not.
    add(100, 2, false);
    assertThat(ratio.ratio().orElseThrow()).as("still the cycle before").isEqualTo(1.5);
    add(90, 2, true);
    add(10, 100, true);
    assertThat(ratio.ratio().orElseThrow()).isEqualTo(1);
    assertThat(ratio.now().orElseThrow()).isEqualTo(50);
  }

  @Test
  void ofShortCyclesTheLastFewCountTogether() {
    for (int cycle = 0; cycle < 20; cycle++) {
      add(25, 2, false);
      add(23, 2, true);
      add(2, cycle < 18 ? 9 : 3, true);
    }
    assertThat(ratio.ratio()).as("4 of 100").hasValue(1);
    add(2, 3, true);
    assertThat(ratio.ratio()).as("6 of 100").hasValue(1.5);
  }

  @Test
  void ofALongCycleAllOfItIsJudged() {
    add(100_000, 2, false);
    add(94_000, 2, true);
    add(6_000, 3, true);
    assertThat(ratio.ratio()).as("3 %").hasValue(1);
    add(6_000, 3, true);
    assertThat(ratio.ratio()).as("6 %").hasValue(1.5);
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
