package dev.tidemark.benchmarks.operational;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Identifiers that look random and can be computed again: the n-th organization's, and so on. The
 * bits are mixed by SplitMix64's finalizer (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
 * Generators, 2014); 122 of them stay.
 */
enum Identifiers {
  ORGANIZATION,
  WORKSPACE,
  USER,
  API_KEY,
  BUDGET,
  WORKFLOW,
  EVENT,
  NEW_EVENT;

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final long VERSION_4 = 0x4000L;
  private static final long VARIANT = 0x8000000000000000L;
  private static final int HASH_BYTES = 32;

  /** The identifier of the one with this number, as version 4 of RFC 9562. */
  UUID of(long number) {
    long high = mix(number * values().length + ordinal());
    long low = mix(high + GOLDEN);
    return new UUID(high & ~0xF000L | VERSION_4, low & ~0xC000000000000000L | VARIANT);
  }

  /** 32 bytes that stand for the hash of a secret. */
  byte[] hash(long number) {
    ByteBuffer bytes = ByteBuffer.allocate(HASH_BYTES);
    long state = number * values().length + ordinal();
    while (bytes.hasRemaining()) {
      state += GOLDEN;
      bytes.putLong(mix(state * GOLDEN));
    }
    return bytes.array();
  }

  static long mix(long value) {
    long mixed = value;
    mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
    return mixed ^ mixed >>> 31;
  }
}
