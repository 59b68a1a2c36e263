package dev.tidemark.migrator.secrecy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmailHashTest {
  private static final byte[] KEY =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final EmailHash hash = new EmailHash(KEY);

  /** Computed with: printf maria.lind@harbour.example | openssl dgst -sha256 -hmac (the key). */
  @Test
  void itIsTheHmacThatOtherProgramsCompute() {
    assertThat(HexFormat.of().formatHex(hash.of("maria.lind@harbour.example")))
        .isEqualTo("e894311ba3d58549c6e4cdd79800621174bad6551b813f791b5ea6c7a64c4a53");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "  maria.lind@harbour.example\n",
        "Maria.Lind@Harbour.EXAMPLE",
        "MARIA.LIND@HARBOUR.EXAMPLE"
      })
  void spellingsOfOneAddressHaveOneHash(String spelling) {
    assertThat(hash.of(spelling)).isEqualTo(hash.of("maria.lind@harbour.example"));
  }

  @Test
  void anAccentMayBeWrittenInOneCharacterOrTwo() {
    assertThat(hash.of("andre\u0301@x.example")).isEqualTo(hash.of("ANDR\u00c9@x.example"));
  }

  @Test
  void anotherKeyMakesAnotherHashAndAnotherId() {
    byte[] other = KEY.clone();
    other[31] ^= 1;
    EmailHash otherHash = new EmailHash(other);

    assertThat(otherHash.of("a@x.example")).isNotEqualTo(hash.of("a@x.example"));
    assertThat(otherHash.keyId()).matches("[0-9a-f]{8}").isNotEqualTo(hash.keyId());
  }
}
