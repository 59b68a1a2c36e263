package dev.tidemark.pipeline.histogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyBucketsTest {
  /** Histograms in lakes depend on it: a change of the table is a new version and a new file. */
  private static final String CHECKSUM =
      "349a7f1e8d793b18e4d10f0ab0807d006dbdb3a78573583931c9cb895f94b8be";

  @Test
  void theCommittedTableIsTheOneThatHistogramsWereMadeWith()
      throws IOException, NoSuchAlgorithmException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(table());

    assertThat(HexFormat.of().formatHex(digest)).isEqualTo(CHECKSUM);
  }

  @Test
  void theCommittedTableHoldsTheIntegersOfTheLogarithmicMapping() throws IOException {
    double gamma = 1.01 / 0.99;
    List<String> bounds = new ArrayList<>(List.of("0"));
    int bound = 0;
    for (int power = 0; bound < LatencyBuckets.MAX_MILLIS; power++) {
      int next =
          (int) Math.min(StrictMath.floor(StrictMath.pow(gamma, power)), LatencyBuckets.MAX_MILLIS);
      if (next > bound) {
        bounds.add(Integer.toString(next));
        bound = next;
      }
    }

    assertThat(new String(table(), StandardCharsets.US_ASCII).lines())
        .containsExactlyElementsOf(bounds);
  }

  @Test
  void bucketsFollowOneAnotherFromNothingToADay() {
    assertThat(LatencyBuckets.highest(0)).isZero();
    assertThat(LatencyBuckets.highest(LatencyBuckets.count() - 1)).isEqualTo(24 * 60 * 60 * 1000);
    for (int bucket = 1; bucket < LatencyBuckets.count(); bucket++) {
      assertThat(LatencyBuckets.lowest(bucket)).isEqualTo(LatencyBuckets.highest(bucket - 1) + 1);
      assertThat(LatencyBuckets.highest(bucket))
          .isGreaterThanOrEqualTo(LatencyBuckets.lowest(bucket));
    }
  }

  @Test
  void bothEndsOfEveryBucketAreInItAndWithinOnePercentOfWhatStandsForIt() {
    for (int bucket = 0; bucket < LatencyBuckets.count(); bucket++) {
      for (int end : new int[] {LatencyBuckets.lowest(bucket), LatencyBuckets.highest(bucket)}) {
        assertThat(LatencyBuckets.indexOf(end)).isEqualTo(bucket);
        assertThat(Math.abs(LatencyBuckets.representative(bucket) - end))
            .isLessThanOrEqualTo(0.01 * end);
      }
    }
  }

  @Test
  void lowLatenciesAreExact() {
    for (int millis = 0; millis <= 57; millis++) {
      assertThat(LatencyBuckets.representative(LatencyBuckets.indexOf(millis))).isEqualTo(millis);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void everyLatencyIsInTheBucketAroundIt(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 200_000; i++) {
      long millis = random.nextLong(LatencyBuckets.MAX_MILLIS + 1L) >>> random.nextInt(27);
      int bucket = LatencyBuckets.indexOf(millis);

      assertThat(
              LatencyBuckets.lowest(bucket) <= millis && millis <= LatencyBuckets.highest(bucket))
          .as("%d ms in bucket %d", millis, bucket)
          .isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, LatencyBuckets.MAX_MILLIS + 1L, Long.MIN_VALUE, Long.MAX_VALUE})
  void nothingIsClamped(long millis) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LatencyBuckets.indexOf(millis))
        .withMessageContaining(Long.toString(millis));
  }

  private static byte[] table() throws IOException {
    try (InputStream stream = LatencyBuckets.class.getResourceAsStream("latency-bounds-1.txt")) {
      return stream.readAllBytes();
    }
  }
}
