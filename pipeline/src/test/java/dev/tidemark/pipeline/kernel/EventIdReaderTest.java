package dev.tidemark.pipeline.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventIdReaderTest {
  private static final byte[] KEY = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final EventIdReader reader = new EventIdReader(KEY);

  @Test
  void aUuidIsItsOwnBits() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      UUID uuid = new UUID(random.nextLong(), random.nextLong());
      read("xx" + uuid, 2);

      assertThat(new UUID(reader.high(), reader.low())).isEqualTo(uuid);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "req-1",
        "0F8FAD5B-d9cb-469f-a165-70867728950e",
        "0f8fad5b-d9cb-469f-a165-70867728950g",
        "0f8fad5b-d9cb-469f-a165_70867728950e",
        "0f8fad5b1d9cb-469f-a165-70867728950e",
        "ffffffff-ffff-ffff-ffff-ffffffffffé",
      })
  void anyOtherTextIsHashed(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    SipHash128 hash = new SipHash128(KEY).update(bytes, 0, bytes.length).finish();
    read(text, 0);

    assertThat(reader.high()).isEqualTo(hash.first());
    assertThat(reader.low()).isEqualTo(hash.second());
  }

  private void read(String text, int offset) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    reader.read(bytes, offset, bytes.length - offset);
  }
}
