package dev.tidemark.migrator.seed;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * Identifiers of seeded rows, derived from what the rows are about: the first half of the SHA-256
 * of the parts joined by slashes. {@code pg_temp.seed_id} computes the same in SQL.
 */
final class SeedIds {
  private SeedIds() {}

  static UUID id(String... parts) {
    ByteBuffer digest =
        ByteBuffer.wrap(sha256(String.join("/", parts).getBytes(StandardCharsets.UTF_8)));
    return new UUID(digest.getLong(), digest.getLong());
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
