package dev.tidemark.pipeline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SipHash128Test {
  /** The authors' test vectors: key 00 01 … 0f, message 00 01 … of the given length. */
  @ParameterizedTest
  @CsvSource({
    " 0, a3817f04ba25a8e66df67214c7550293",
    " 1, da87c1d86b99af44347659119b22fc45",
    " 2, 8177228da4a45dc7fca38bdef60affe4",
    " 3, 9c70b60c5267a94e5f33b6b02985ed51",
    " 4, f88164c12d9c8faf7d0f6e7c7bcd5579",
    " 5, 1368875980776f8854527a07690e9627",
    " 6, 14eeca338b208613485ea0308fd7a15e",
    " 7, a1f1ebbed8dbc153c0b84aa61ff08239",
    " 8, 3b62a9ba6258f5610f83e264f31497b4",
    " 9, 264499060ad9baabc47f8b02bb6d71ed",
    "15, 5493e99933b0a8117e08ec0f97cfc3d9",
    "16, 6ee2a4ca67b054bbfd3315bf85230577",
    "31, 2939b0183223fafc1723de4f52c43d35",
    "32, 7c3956ca5eeafc3e363e9d556546eb68",
    "63, 5150d1772f50834a503e069a973fbd7c",
  })
  void theReferenceVectorsHold(int length, String expected) {
    byte[] message = ascending(length);

    assertThat(hex(new SipHash128(ascending(16)).update(message, 0, length))).isEqualTo(expected);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void piecesOfAMessageGiveTheHashOfTheWhole(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] key = new byte[16];
    random.nextBytes(key);
    SipHash128 hash = new SipHash128(key);
    for (int i = 0; i < 500; i++) {
      byte[] message = new byte[random.nextInt(200)];
      random.nextBytes(message);
      String whole = hex(hash.reset().update(message, 0, message.length));

      hash.reset();
      int position = 0;
      while (position < message.length) {
        int rest = message.length - position;
        if (rest >= 4 && random.nextInt(4) == 0) {
          hash.update(ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).getInt(position));
          position += 4;
        } else if (random.nextInt(4) == 0) {
          hash.update(message[position++]);
        } else {
          int count = random.nextInt(rest + 1);
          hash.update(message, position, count);
          position += count;
        }
      }
      assertThat(hex(hash)).isEqualTo(whole);
    }
  }

  @Test
  void aKeyOfAnotherLengthIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SipHash128(new byte[15]))
        .withMessageContaining("15");
  }

  private static String hex(SipHash128 hash) {
    hash.finish();
    byte[] bytes =
        ByteBuffer.allocate(16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(hash.first())
            .putLong(hash.second())
            .array();
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] ascending(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }
}
