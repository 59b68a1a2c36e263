package dev.tidemark.benchmarks.generator;

import java.util.UUID;

/** What events belong to; the ids of each are UUIDs made from numbers. */
enum Dimension {
  ORGANIZATION,
  WORKSPACE,
  USER,
  API_KEY;

  private static final long VERSION_4 = 0x4000L;
  private static final long VARIANT = 0x8000000000000000L;

  UUID id(long number) {
    long high = Bits.of(number, -1 - ordinal());
    return uuid(high, Bits.mix(high));
  }

  /** The UUID of version 4 with these bits. */
  static UUID uuid(long high, long low) {
    return new UUID(version(high), variant(low));
  }

  static long version(long high) {
    return high & ~0xF000L | VERSION_4;
  }

  static long variant(long low) {
    return low & ~0xC000000000000000L | VARIANT;
  }
}
