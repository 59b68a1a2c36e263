package dev.tidemark.migrator.secrecy;

import dev.tidemark.migrator.digest.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A key that audit entries are signed with: HMAC-SHA256 (RFC 2104). */
public final class AuditKey {
  private static final String ALGORITHM = "HmacSHA256";
  private static final byte[] ID_PREFIX = "tidemark audit key ".getBytes(StandardCharsets.US_ASCII);
  private static final int ID_LENGTH = 12;

  private final byte[] key;
  private final String id;

  AuditKey(byte[] key) {
    this.key = key.clone();
    byte[] named = Arrays.copyOf(ID_PREFIX, ID_PREFIX.length + key.length);
    System.arraycopy(key, 0, named, ID_PREFIX.length, key.length);
    this.id = HexFormat.of().formatHex(Sha256.of(named)).substring(0, ID_LENGTH);
  }

  /** Tells one key from another; says nothing about the key itself. */
  public String id() {
    return id;
  }

  /** The signature of a message, in lower-case hexadecimal. */
  public String sign(byte[] message) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return HexFormat.of().formatHex(mac.doFinal(message));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has " + ALGORITHM, e);
    }
  }

  @Override
  public String toString() {
    return "audit key " + id;
  }
}
