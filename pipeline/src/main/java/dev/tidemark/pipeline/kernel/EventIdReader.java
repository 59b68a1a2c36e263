package dev.tidemark.pipeline.kernel;

import java.util.Arrays;

/**
 * Reads an event's id into two longs, as the landing does: a UUID's own bits where its text is one
 * in lower case, else a keyed hash of the text. Not safe for threads.
 */
public final class EventIdReader {
  private static final int LENGTH = 36;
  private static final byte NO_DIGIT = -1;
  private static final byte[] DIGITS = digits();

  private final SipHash128 hash;
  private long high;
  private long low;

  /**
   * @param key of the hash; {@value SipHash128#KEY_BYTES} bytes
   */
  public EventIdReader(byte[] key) {
    hash = new SipHash128(key);
  }

  private static byte[] digits() {
    byte[] digits = new byte[256];
    Arrays.fill(digits, NO_DIGIT);
    for (int digit = 0; digit < 16; digit++) {
      digits[Character.forDigit(digit, 16)] = (byte) digit;
    }
    return digits;
  }

  /** Reads an id; {@link #high} and {@link #low} are its halves until the next one. */
  public EventIdReader read(byte[] bytes, int offset, int length) {
    if (length != LENGTH || !readUuid(bytes, offset)) {
      hash.reset().update(bytes, offset, length).finish();
      high = hash.first();
      low = hash.second();
    }
    return this;
  }

  private boolean readUuid(byte[] bytes, int offset) {
    if (bytes[offset + 8] != '-'
        || bytes[offset + 13] != '-'
        || bytes[offset + 18] != '-'
        || bytes[offset + 23] != '-') {
      return false;
    }
    long first = number(bytes, offset, 8);
    long second = number(bytes, offset + 9, 4);
    long third = number(bytes, offset + 14, 4);
    long fourth = number(bytes, offset + 19, 4);
    long fifth = number(bytes, offset + 24, 12);
    high = first << 32 | second << 16 | third;
    low = fourth << 48 | fifth;
    return (first | second | third | fourth | fifth) >= 0;
  }

  /** Negative where there is another character than a digit. */
  private static long number(byte[] bytes, int from, int count) {
    long number = 0;
    int wrong = 0;
    for (int at = from; at < from + count; at++) {
      byte digit = DIGITS[bytes[at] & 0xff];
      wrong |= digit;
      number = number << 4 | digit & 0xf;
    }
    return wrong < 0 ? -1 : number;
  }

  /** The first half. */
  public long high() {
    return high;
  }

  /** The second half. */
  public long low() {
    return low;
  }
}
