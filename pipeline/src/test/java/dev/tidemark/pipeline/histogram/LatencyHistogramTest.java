package dev.tidemark.pipeline.histogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyHistogramTest {
  private static final double[] QUANTILES = {0, 0.01, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999, 1};

  @ParameterizedTest(name = "{0} pieces, seed {1}")
  @CsvSource({"1, 1", "1, 2", "2, 3", "24, 4", "24, 5", "365, 6", "365, 7"})
  void quantilesAreWithinOnePercentAfterAnyMerging(int pieces, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Long> all = new ArrayList<>();
    byte[] merged = null;
    LatencyHistogram added = new LatencyHistogram();
    for (int piece = 0; piece < pieces; piece++) {
      long[] latencies = latencies(random, random.nextInt(1, 2 + 20_000 / pieces));
      Arrays.stream(latencies).forEach(all::add);
      byte[] encoded = histogram(latencies);
      merged = Histograms.merge(merged, encoded);
      added.add(encoded);
    }
    Collections.sort(all);

    assertThat(Histograms.count(merged)).isEqualTo(all.size());
    assertThat(added.count()).isEqualTo(all.size());
    assertThat(added.encode()).isEqualTo(merged);
    for (double quantile : QUANTILES) {
      long exact = all.get((int) Math.floor(quantile * (all.size() - 1)));
      assertThat(Math.abs(Histograms.quantile(merged, quantile) - exact))
          .as("quantile %s, exactly %d", quantile, exact)
          .isLessThanOrEqualTo(0.01 * exact);
      assertThat(added.quantile(quantile)).isEqualTo(Histograms.quantile(merged, quantile));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void mergingInAnyOrderAndGroupingGivesTheSameBytes(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> pieces = new ArrayList<>();
    LatencyHistogram whole = new LatencyHistogram();
    for (int piece = 0; piece < 40; piece++) {
      long[] latencies = latencies(random, random.nextInt(60));
      Arrays.stream(latencies).forEach(whole::add);
      pieces.add(histogram(latencies));
    }

    for (int order = 0; order < 10; order++) {
      List<byte[]> rest = new ArrayList<>(pieces);
      Collections.shuffle(rest, new Random(random.nextLong()));
      while (rest.size() > 1) {
        byte[] left = rest.remove(random.nextInt(rest.size()));
        int right = random.nextInt(rest.size());
        rest.set(right, Histograms.merge(left, rest.get(right)));
      }
      assertThat(rest.get(0)).isEqualTo(whole.encode());
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void takingAwayWhatWasAddedLeavesTheSameBytes(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] stays = histogram(latencies(random, random.nextInt(300)));
    byte[] goes = histogram(latencies(random, random.nextInt(300)));
    LatencyHistogram histogram = LatencyHistogram.decode(Histograms.merge(stays, goes));

    histogram.subtract(goes);

    assertThat(histogram.encode()).isEqualTo(stays);
    assertThat(histogram.count()).isEqualTo(Histograms.count(stays));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void everyCountIsKeptFromOneToBillions(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    HistogramWriter writer = new HistogramWriter();
    List<long[]> buckets = new ArrayList<>();
    for (int bucket = random.nextInt(300);
        bucket < LatencyBuckets.count();
        bucket += random.nextInt(1, 200)) {
      long count = 1 + (random.nextLong(1L << 58) >>> random.nextInt(59));
      buckets.add(new long[] {bucket, count});
      writer.append(bucket, count);
    }
    byte[] encoded = writer.toBytes();

    List<long[]> read = new ArrayList<>();
    HistogramReader reader = new HistogramReader().open(encoded);
    while (reader.next()) {
      read.add(new long[] {reader.bucket(), reader.count()});
    }
    assertThat(read.toArray(long[][]::new)).isDeepEqualTo(buckets.toArray(long[][]::new));
    assertThat(LatencyHistogram.decode(encoded).encode()).isEqualTo(encoded);
  }

  @Test
  void theEncodingIsTheOneInTheLake() {
    // Version; bucket 0 once; bucket 5 twice; bucket 57 three times; bucket 768, the last, once
    assertThat(histogram(0, 5, 5, 57, 57, 57, LatencyBuckets.MAX_MILLIS))
        .isEqualTo(HexFormat.of().parseHex("01" + "00" + "0b00" + "6901" + "8e0b"));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void theMedianHistogramOfRealisticGroupsTakesAtMost32Bytes(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] sizes = new int[999];
    for (int group = 0; group < sizes.length; group++) {
      // Log-normal latencies around a typical 800 ms, mostly few to a group, some with thousands
      int events = (int) Math.min(5_000, 1 / Math.pow(random.nextDouble(), 1.5) * 4);
      LatencyHistogram histogram = new LatencyHistogram();
      for (int event = 0; event < events; event++) {
        histogram.add((long) (800 * Math.exp(0.6 * random.nextGaussian())));
      }
      sizes[group] = histogram.encode().length;
    }
    Arrays.sort(sizes);

    assertThat(sizes[sizes.length / 2]).isLessThanOrEqualTo(32);
  }

  @Test
  void noLatenciesAreNull() {
    assertThat(new LatencyHistogram().encode()).isNull();
    assertThat(LatencyHistogram.decode(null).count()).isZero();
    assertThat(Histograms.merge(null, null)).isNull();
    assertThat(Histograms.merge(histogram(7), null)).isEqualTo(histogram(7));
    assertThat(Histograms.merge(null, histogram(7))).isEqualTo(histogram(7));
    assertThat(Histograms.count(null)).isZero();
    assertThatIllegalStateException().isThrownBy(() -> new LatencyHistogram().quantile(0.5));
  }

  @Test
  void versionsNeverMerge() {
    byte[] next = histogram(7);
    next[0] = 2;

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Histograms.merge(histogram(7), next))
        .withMessageContaining("mapping version 2")
        .withMessageContaining("recompute");
    assertThatIllegalArgumentException().isThrownBy(() -> LatencyHistogram.decode(next));
    assertThatIllegalArgumentException().isThrownBy(() -> Histograms.merge(next, next));
  }

  @ParameterizedTest
  @CsvSource({
    "'',                         nothing at all",
    "01,                         no bucket",
    "0181,                       ends within a number",
    "0107,                       ends before the count",
    "010200,                     a bucket twice",
    "01820c,                     a bucket over the last",
    "018000,                     a number longer than it need be",
    "0103ffffffffffffffffff01,   a number over 2^63",
    "0103ffffffffffffffff7f,     a count over 2^63",
  })
  void malformedBytesAreRefused(String bytes, String why) {
    assertThatIllegalArgumentException()
        .as(why)
        .isThrownBy(() -> LatencyHistogram.decode(HexFormat.of().parseHex(bytes)))
        .withMessageContaining("malformed");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void bytesThatAreReadAtAllAreTheCanonicalOnes(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(2, 12)];
      random.nextBytes(bytes);
      bytes[0] = 1;
      try {
        assertThat(LatencyHistogram.decode(bytes).encode()).isEqualTo(bytes);
        read++;
      } catch (IllegalArgumentException refused) {
        assertThat(refused).hasMessageContaining("malformed");
      }
    }
    assertThat(read).isPositive();
  }

  @Test
  void countsThatDoNotFitALongAreRefused() {
    HistogramWriter writer = new HistogramWriter();
    writer.append(3, Long.MAX_VALUE);
    byte[] full = writer.toBytes();

    assertThat(Histograms.count(full)).isEqualTo(Long.MAX_VALUE);
    assertThat(Histograms.quantile(full, 1)).isEqualTo(3);
    assertThat(LatencyHistogram.decode(full).quantile(1)).isEqualTo(3);
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() -> Histograms.merge(full, histogram(3)));
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() -> Histograms.count(Histograms.merge(full, histogram(4))));
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() -> LatencyHistogram.decode(full).add(4));
  }

  @Test
  void whatWasNeverCountedCannotBeTakenAway() {
    LatencyHistogram histogram = LatencyHistogram.decode(histogram(5, 5));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> histogram.subtract(histogram(5, 5, 5)))
        .withMessageContaining("3 latencies");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.01, 1.01, Double.NaN})
  void aQuantileOutOfRangeIsRefused(double quantile) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Histograms.quantile(histogram(5), quantile));
  }

  private static byte[] histogram(long... latencies) {
    LatencyHistogram histogram = new LatencyHistogram();
    Arrays.stream(latencies).forEach(histogram::add);
    return histogram.encode();
  }

  /** Of every magnitude: single buckets, the usual hump, and the whole range with its ends. */
  private static long[] latencies(RandomGenerator random, int count) {
    long[] latencies = new long[count];
    int kind = random.nextInt(3);
    for (int i = 0; i < count; i++) {
      latencies[i] =
          switch (kind) {
            case 0 -> random.nextLong(60);
            case 1 -> (long) (700 * Math.exp(0.8 * random.nextGaussian()));
            default ->
                random.nextInt(50) == 0
                    ? LatencyBuckets.MAX_MILLIS
                    : random.nextLong(LatencyBuckets.MAX_MILLIS) >>> random.nextInt(28);
          };
    }
    return latencies;
  }
}
