package dev.tidemark.migrator.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.typesafe.config.ConfigFactory;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void keysKeepTheirOrder() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("zebra", 1);
    map.put("ape", List.of(true, "x", Instant.EPOCH));
    map.put("money", new BigDecimal("1.10"));
    map.put("nothing", null);

    assertThat(Json.write(map))
        .isEqualTo(
            "{\"zebra\":1,\"ape\":[true,\"x\",\"1970-01-01T00:00:00Z\"],\"money\":1.10,\"nothing\":null}");
  }

  @Test
  void nothingBreaksTheLine() {
    assertThat(Json.write("a\nb\r\u2028\"\\\u0001"))
        .isEqualTo("\"a\\nb\\r\\u2028\\\"\\\\\\u0001\"");
  }

  @Test
  void whatJsonCannotHoldIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Json.write(Double.NaN));
    assertThatIllegalArgumentException().isThrownBy(() -> Json.write(Arrays.asList(new Object())));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anotherParserReadsBackWhatWasWritten(long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < 50; i++) {
      map.put("key_" + i, randomText(random));
    }

    Map<String, Object> read = ConfigFactory.parseString(Json.write(map)).root().unwrapped();

    assertThat(read).isEqualTo(map);
  }

  private static String randomText(RandomGenerator random) {
    return IntStream.generate(() -> random.nextInt(0x3000))
        .limit(random.nextInt(20))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
