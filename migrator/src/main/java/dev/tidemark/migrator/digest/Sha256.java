package dev.tidemark.migrator.digest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of one thing, or of a list of texts that is added one by one. */
public final class Sha256 {
  private final MessageDigest digest = digest();

  /** The digest of some bytes: 32 bytes. */
  public static byte[] of(byte[] bytes) {
    return digest().digest(bytes);
  }

  /** The digest of the text's UTF-8, in lower-case hexadecimal. */
  public static String hex(String text) {
    return HexFormat.of().formatHex(of(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Adds the text's UTF-8 and a zero byte, which no text that Postgres takes holds. */
  public void add(String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  /** Adds some bytes. */
  public void add(byte[] bytes) {
    digest.update(bytes);
  }

  /** The digest of what was added, and begins anew. */
  public byte[] finish() {
    return digest.digest();
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
