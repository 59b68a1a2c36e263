package dev.tidemark.migrator.governor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LatencyRatioTest {
  private final LatencyRatio ratio = new LatencyRatio(100, 200);

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
  void theBaselineFollowsAQuieterServerWithinAWindowAndABusierOneSlowly() {
    add(200, 4, false);
    add(200, 2, false);
    assertThat(ratio.baseline()).isEqualTo(2);
    add(200, 10, false);
    assertThat(ratio.baseline()).as("what a job leaves behind").isCloseTo(2.1, within(0.01));
    add(200, 2.05, false);
    assertThat(ratio.baseline()).isEqualTo(2.05);
    add(200 * 50, 3, false);
    assertThat(ratio.baseline()).isEqualTo(3);
  }

  @Test
  void thePartOfQuietLatenciesFromOneOnIsCounted() {
    add(90, 1, false);
    add(10, 3, false);
    add(100, 9, true);
    assertThat(ratio.quietFrom(3)).isEqualTo(0.1);
    assertThat(ratio.quietFrom(3.1)).isZero();
  }

  private void add(int count, double latency, boolean atWork) {
    for (int i = 0; i < count; i++) {
      ratio.add(latency, atWork);
    }
  }
}
