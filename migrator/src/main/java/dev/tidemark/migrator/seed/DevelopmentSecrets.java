package dev.tidemark.migrator.seed;

import dev.tidemark.migrator.digest.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys and tokens of seeded users: {@code tm_dev_} and 40 hexadecimal digits of the HMAC-SHA256 of
 * what they are for. Whoever has the seed's secret can compute them, hence for development only.
 */
public final class DevelopmentSecrets {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String PREFIX = "tm_dev_";
  private static final int DIGITS = 40;
  private static final int SHOWN = 12;

  private final SecretKeySpec key;

  /** Secrets derived from the seed's secret. */
  public DevelopmentSecrets(String secret) {
    this.key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
  }

  /**
   * The API key of a seeded organization.
   *
   * @param organization its slug
   * @param name the key's name
   */
  public String apiKey(String organization, String name) {
    return derived("api-key/" + organization + "/" + name);
  }

  /** The API key of the n-th organization that was made for load tests, counted from 1. */
  public String scaleApiKey(long number) {
    return derived("api-key/scale/" + number);
  }

  /** A provider's key that opens nothing, for an organization's collection of such keys. */
  String providerKey(String organization, String name) {
    return derived("provider-key/" + organization + "/" + name);
  }

  /** What of a key is stored in plain text, so that people can tell keys apart. */
  static String prefix(String apiKey) {
    return apiKey.substring(0, SHOWN);
  }

  /** What of a key or token is stored to recognize it: SHA-256, 32 bytes. */
  static byte[] hash(String secret) {
    return Sha256.of(secret.getBytes(StandardCharsets.UTF_8));
  }

  private String derived(String purpose) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] digest = mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
      return PREFIX + HexFormat.of().formatHex(digest).substring(0, DIGITS);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
