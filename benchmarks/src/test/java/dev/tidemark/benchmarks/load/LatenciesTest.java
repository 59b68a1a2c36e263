package dev.tidemark.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  @Test
  void quantilesAreByNearestRank() {
    long[] nanos =
        LongStream.rangeClosed(1, 200).map(millis -> (201 - millis) * 1_000_000).toArray();

    Latencies latencies = new Latencies(nanos, 4);

    assertThat(latencies.millis(0.50)).isEqualTo(100);
    assertThat(latencies.millis(0.95)).isEqualTo(190);
    assertThat(latencies.millis(0.99)).isEqualTo(198);
    assertThat(latencies.millis(1)).isEqualTo(200);
    assertThat(latencies.rate()).isEqualTo(50);
  }

  @Test
  void oneRepetitionIsEveryQuantile() {
    Latencies latencies = new Latencies(new long[] {7_000_000}, 1);

    assertThat(latencies.millis(0.01)).isEqualTo(7);
    assertThat(latencies.millis(0.99)).isEqualTo(7);
  }

  @Test
  void nothingMeasuredIsNoResult() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Latencies(new long[0], 1));
  }
}
