package dev.tidemark.migrator.secrecy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA256 of e-mail addresses (RFC 2104), for looking users up by an address that is not stored
 * in plain text. Thread-safe.
 */
public final class EmailHash {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int ID_BYTES = 4;

  private final SecretKey key;

  EmailHash(byte[] key) {
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  /**
   * The hash of an address as it stands in {@code users.email_hmac}.
   *
   * @return 32 bytes, the same for all spellings that {@link #normalized} makes equal
   */
  public byte[] of(String address) {
    return hash(normalized(address));
  }

  /**
   * Names the key without giving it away: eight hexadecimal digits of the hash of a text that is no
   * address.
   */
  public String keyId() {
    return HexFormat.of().formatHex(hash("tidemark:key-id"), 0, ID_BYTES);
  }

  /** The address without surrounding white space, in Unicode's form NFC, in small letters. */
  public static String normalized(String address) {
    return Normalizer.normalize(address.strip(), Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return "EMAIL_HASH_KEY " + keyId();
  }

  private byte[] hash(String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
