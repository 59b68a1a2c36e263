package dev.tidemark.migrator.secrecy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KeysetTest {
  private static final UUID ROW = UUID.fromString("00000000-0000-0000-0000-000000000001");
  private static final Cell CELL = new Cell("users", "email_ciphertext", ROW);
  private static final byte[] VALUE = "maria@harbour.example".getBytes(StandardCharsets.UTF_8);

  private final Keyset keyset = Keyset.create();

  @Test
  void whatIsSealedOpensAtItsPlace() throws GeneralSecurityException {
    Sealed sealed = keyset.seal(CELL, "maria@harbour.example");

    assertThat(keyset.open(CELL, sealed.ciphertext())).isEqualTo(VALUE);
    assertThat(sealed.keyId()).isEqualTo(keyset.primaryKeyId());
    assertThat(new String(sealed.ciphertext(), StandardCharsets.ISO_8859_1))
        .doesNotContain("maria");
    assertThat(keyset.seal(CELL, VALUE).ciphertext()).isNotEqualTo(sealed.ciphertext());
  }

  static Stream<Cell> otherPlaces() {
    return Stream.of(
        new Cell("people", "email_ciphertext", ROW),
        new Cell("users", "mfa_secret_ciphertext", ROW),
        new Cell("users", "email_ciphertext", new UUID(0, 2)));
  }

  @ParameterizedTest
  @MethodSource("otherPlaces")
  void whatIsMovedDoesNotOpen(Cell other) {
    byte[] ciphertext = keyset.seal(CELL, VALUE).ciphertext();
    assertThatThrownBy(() -> keyset.open(other, ciphertext))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void noByteCanBeAltered() {
    byte[] ciphertext = keyset.seal(CELL, VALUE).ciphertext();
    for (int i = 0; i < ciphertext.length; i++) {
      byte[] altered = ciphertext.clone();
      altered[i] ^= 1;
      assertThatThrownBy(() -> keyset.open(CELL, altered))
          .as("byte %d", i)
          .isInstanceOf(GeneralSecurityException.class);
    }
  }

  @Test
  void aNewKeyDecryptsAtOnceAndEncryptsOnceItIsPrimary() throws GeneralSecurityException {
    byte[] old = keyset.seal(CELL, VALUE).ciphertext();

    Keyset learned = keyset.withNewKey();
    assertThat(learned.primaryKeyId()).isEqualTo(keyset.primaryKeyId());
    assertThat(learned.keyIds()).hasSize(2).containsAll(keyset.keyIds());

    String added =
        learned.keyIds().stream().filter(id -> !keyset.keyIds().contains(id)).findAny().get();
    Keyset promoted = learned.withPrimary(added);
    Sealed sealed = promoted.seal(CELL, VALUE);
    assertThat(sealed.keyId()).isEqualTo(added);
    assertThat(learned.open(CELL, sealed.ciphertext())).isEqualTo(VALUE);
    assertThat(promoted.open(CELL, old)).isEqualTo(VALUE);

    Keyset shrunk = promoted.without(keyset.primaryKeyId());
    assertThat(shrunk.keyIds()).containsExactly(added);
    assertThatThrownBy(() -> shrunk.open(CELL, old)).isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void itSurvivesBeingWrittenDown() throws GeneralSecurityException {
    Keyset copy = Keyset.parse(keyset.withNewKey().serialized());
    assertThat(copy.open(CELL, keyset.seal(CELL, VALUE).ciphertext())).isEqualTo(VALUE);
  }

  @Test
  void itTellsItsKeysByTheirIdsOnly() {
    assertThat(keyset.toString())
        .isEqualTo("keys [%1$s], primary %1$s".formatted(keyset.primaryKeyId()));
  }
}
