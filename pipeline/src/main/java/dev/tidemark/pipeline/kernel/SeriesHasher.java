package dev.tidemark.pipeline.kernel;

/**
 * Hashes dimension tuples to series ids with SipHash-2-4-128 under a secret key (EX-16). A null
 * dimension is hashed as one byte 0; any other as one byte 1, its length in four bytes, the lowest
 * first, and its bytes, so that no two tuples are the same message (EX-15). Not safe for threads.
 */
public final class SeriesHasher {
  private static final byte NULL = 0;
  private static final byte PRESENT = 1;

  private final SipHash128 hash;

  /**
   * @param key {@value SipHash128#KEY_BYTES} bytes; the same key gives the same ids for ever
   */
  public SeriesHasher(byte[] key) {
    hash = new SipHash128(key);
  }

  /** Hashes a tuple; {@link #high} and {@link #low} are its series id until the next one. */
  public SeriesHasher hash(Dimensions dimensions) {
    hash.reset();
    for (int dimension = 0; dimension < Dimensions.COUNT; dimension++) {
      if (dimensions.isNull(dimension)) {
        hash.update(NULL);
      } else {
        int length = dimensions.length(dimension);
        hash.update(PRESENT)
            .update(length)
            .update(dimensions.bytes(dimension), dimensions.offset(dimension), length);
      }
    }
    hash.finish();
    return this;
  }

  /** The first half of the id: the hash's first eight bytes, the lowest first. */
  public long high() {
    return hash.first();
  }

  /** The second half of the id: the hash's last eight bytes, the lowest first. */
  public long low() {
    return hash.second();
  }

  /** Both halves. */
  public SeriesId seriesId() {
    return new SeriesId(high(), low());
  }
}
