package dev.tidemark.pipeline.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 with 128 bits of output (Aumasson, Bernstein: SipHash, a fast short-input PRF;
 * INDOCRYPT 2012, with the authors' 128-bit variant): a keyed hash of bytes given piece by piece.
 * One instance hashes one message after another and allocates nothing. Not safe for threads.
 */
public final class SipHash128 {
  /** The length of the key in bytes. */
  public static final int KEY_BYTES = 16;

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final long keyFirst;
  private final long keySecond;

  private long v0;
  private long v1;
  private long v2;
  private long v3;

  /** The bytes that do not fill a word yet, the earliest lowest. */
  private long pending;

  private long length;
  private long first;
  private long second;

  /**
   * @param key {@value #KEY_BYTES} bytes; they are copied
   */
  public SipHash128(byte[] key) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "a SipHash key has " + KEY_BYTES + " bytes, this one has " + key.length);
    }
    keyFirst = (long) WORD.get(key, 0);
    keySecond = (long) WORD.get(key, 8);
    reset();
  }

  /** Starts a message. */
  public SipHash128 reset() {
    v0 = keyFirst ^ 0x736f6d6570736575L;
    v1 = keySecond ^ 0x646f72616e646f6dL ^ 0xee;
    v2 = keyFirst ^ 0x6c7967656e657261L;
    v3 = keySecond ^ 0x7465646279746573L;
    pending = 0;
    length = 0;
    return this;
  }

  /** Appends a byte to the message. */
  public SipHash128 update(byte value) {
    int shift = (int) (length++ & 7) << 3;
    pending |= (value & 0xffL) << shift;
    if (shift == 56) {
      compress(pending);
      pending = 0;
    }
    return this;
  }

  /** Appends four bytes, the lowest first. */
  public SipHash128 update(int value) {
    return update((byte) value)
        .update((byte) (value >>> 8))
        .update((byte) (value >>> 16))
        .update((byte) (value >>> 24));
  }

  /** Appends a range of bytes to the message. */
  public SipHash128 update(byte[] bytes, int offset, int count) {
    int position = offset;
    int end = offset + count;
    int shift = (int) (length & 7) << 3;
    for (; end - position >= 8; position += 8) {
      long word = (long) WORD.get(bytes, position);
      compress(pending | word << shift);
      pending = shift == 0 ? 0 : word >>> (64 - shift);
      length += 8;
    }
    while (position < end) {
      update(bytes[position++]);
    }
    return this;
  }

  /** Ends the message; {@link #first} and {@link #second} are its hash until the next one ends. */
  public SipHash128 finish() {
    compress(pending | length << 56);
    v2 ^= 0xee;
    rounds(4);
    first = v0 ^ v1 ^ v2 ^ v3;
    v1 ^= 0xdd;
    rounds(4);
    second = v0 ^ v1 ^ v2 ^ v3;
    return this;
  }

  /** The first eight bytes of the hash, read with the lowest first. */
  public long first() {
    return first;
  }

  /** The last eight bytes of the hash, read with the lowest first. */
  public long second() {
    return second;
  }

  private void compress(long word) {
    v3 ^= word;
    rounds(2);
    v0 ^= word;
  }

  private void rounds(int count) {
    long a = v0;
    long b = v1;
    long c = v2;
    long d = v3;
    for (int round = 0; round < count; round++) {
      a += b;
      b = Long.rotateLeft(b, 13) ^ a;
      a = Long.rotateLeft(a, 32);
      c += d;
      d = Long.rotateLeft(d, 16) ^ c;
      a += d;
      d = Long.rotateLeft(d, 21) ^ a;
      c += b;
      b = Long.rotateLeft(b, 17) ^ c;
      c = Long.rotateLeft(c, 32);
    }
    v0 = a;
    v1 = b;
    v2 = c;
    v3 = d;
  }
}
