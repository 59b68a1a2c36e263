package dev.tidemark.pipeline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SeriesHasherTest {
  private final SeriesHasher hasher = new SeriesHasher(new byte[16]);

  @Test
  void noTwoTuplesAreOneSeries() {
    // Every tuple over null, the empty string and strings that could be confused when joined
    List<String> values = Arrays.asList(null, "", "a", "aa", "\0");
    Map<SeriesId, List<String>> seen = new HashMap<>();
    List<String> tuple = new ArrayList<>();
    int tuples = (int) Math.pow(values.size(), Dimensions.COUNT);
    for (int number = 0; number < tuples; number++) {
      tuple = new ArrayList<>();
      for (int rest = number, i = 0; i < Dimensions.COUNT; i++, rest /= values.size()) {
        tuple.add(values.get(rest % values.size()));
      }
      List<String> before = seen.put(id(tuple), tuple);
      assertThat(before).as("the same series as %s", tuple).isNull();
    }
    assertThat(seen).hasSize(tuples);
  }

  @Test
  void theIdIsTheHashOfTheWrittenMessage() {
    byte[] message = {
      1,
      3,
      0,
      0,
      0,
      'o',
      'r',
      'g',
      0,
      1,
      0,
      0,
      0,
      0,
      0,
      1,
      2,
      0,
      0,
      0,
      (byte) 0xc3,
      (byte) 0xa9,
      0,
      0
    };
    SipHash128 hash = new SipHash128(new byte[16]).update(message, 0, message.length).finish();

    assertThat(id(Arrays.asList("org", null, "", null, "é", null, null)))
        .isEqualTo(new SeriesId(hash.first(), hash.second()));
  }

  @Test
  void anotherKeyGivesOtherIds() {
    List<String> tuple = Arrays.asList("org", null, null, null, "openai", "gpt", "chat");
    byte[] key = new byte[16];
    key[15] = 1;

    assertThat(new SeriesHasher(key).hash(dimensions(tuple)).seriesId()).isNotEqualTo(id(tuple));
  }

  @Test
  void rangesOfALargerArrayAreHashedAsTheStringsInThem() {
    byte[] row = "..openai|gpt-4o|chat..".getBytes(StandardCharsets.UTF_8);
    Dimensions ranges = new Dimensions().set(4, row, 2, 6).set(5, row, 9, 6).set(6, row, 16, 4);

    assertThat(hasher.hash(ranges).seriesId())
        .isEqualTo(id(Arrays.asList(null, null, null, null, "openai", "gpt-4o", "chat")));
    assertThat(ranges.string(5)).isEqualTo("gpt-4o");
    assertThat(ranges.string(0)).isNull();
  }

  @Test
  void aRangeBeyondItsArrayIsRefused() {
    byte[] row = new byte[8];

    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> new Dimensions().set(0, row, 4, 5));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> new Dimensions().set(0, row, Integer.MAX_VALUE, 5));
  }

  private SeriesId id(List<String> tuple) {
    return hasher.hash(dimensions(tuple)).seriesId();
  }

  private static Dimensions dimensions(List<String> tuple) {
    Dimensions dimensions = new Dimensions();
    for (int i = 0; i < Dimensions.COUNT; i++) {
      dimensions.set(i, tuple.get(i));
    }
    return dimensions;
  }
}
