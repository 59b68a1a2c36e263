package dev.tidemark.migrator.seed;

import dev.tidemark.migrator.digest.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Identifiers of seeded rows, derived from what the rows are about: the first half of the SHA-256
 * of the parts joined by slashes. {@code pg_temp.seed_id} computes the same in SQL.
 */
final class SeedIds {
  private SeedIds() {}

  static UUID id(String... parts) {
    ByteBuffer digest =
        ByteBuffer.wrap(Sha256.of(String.join("/", parts).getBytes(StandardCharsets.UTF_8)));
    return new UUID(digest.getLong(), digest.getLong());
  }
}
