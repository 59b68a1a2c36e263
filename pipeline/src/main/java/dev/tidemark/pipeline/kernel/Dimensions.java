package dev.tidemark.pipeline.kernel;

import java.nio.charset.StandardCharsets;

/**
 * The dimension tuple of a series, as ranges of somebody's bytes: {@value #COUNT} nullable UTF-8
 * strings in the order organization, workspace, user, API key, provider, model, operation. It holds
 * references, no copies, so that one instance can be filled anew for every row.
 */
public final class Dimensions {
  /** How many dimensions a series has. */
  public static final int COUNT = 7;

  private final byte[][] bytes = new byte[COUNT][];
  private final int[] offsets = new int[COUNT];
  private final int[] lengths = new int[COUNT];

  /** Points a dimension to a range of bytes; an empty one is not null. */
  public Dimensions set(int dimension, byte[] base, int offset, int length) {
    if (offset < 0 || length < 0 || offset > base.length - length) {
      throw new IndexOutOfBoundsException(
          length + " bytes from " + offset + " are not within " + base.length);
    }
    bytes[dimension] = base;
    offsets[dimension] = offset;
    lengths[dimension] = length;
    return this;
  }

  /** Makes a dimension null. */
  public Dimensions setNull(int dimension) {
    bytes[dimension] = null;
    offsets[dimension] = 0;
    lengths[dimension] = 0;
    return this;
  }

  /** Points a dimension to the bytes of a string, or makes it null. */
  public Dimensions set(int dimension, String value) {
    if (value == null) {
      return setNull(dimension);
    }
    byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
    return set(dimension, encoded, 0, encoded.length);
  }

  /** Whether a dimension is null, as all are at first. */
  public boolean isNull(int dimension) {
    return bytes[dimension] == null;
  }

  /** The array that holds a dimension, not to be changed; null if the dimension is null. */
  public byte[] bytes(int dimension) {
    return bytes[dimension];
  }

  /** Where a dimension begins in its array. */
  public int offset(int dimension) {
    return offsets[dimension];
  }

  /** How many bytes a dimension has; 0 if it is null. */
  public int length(int dimension) {
    return lengths[dimension];
  }

  /** A dimension as a string, or null. */
  public String string(int dimension) {
    return isNull(dimension)
        ? null
        : new String(
            bytes[dimension], offsets[dimension], lengths[dimension], StandardCharsets.UTF_8);
  }
}
