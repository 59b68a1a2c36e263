package dev.tidemark.pipeline.kernel;

import java.util.Arrays;

/**
 * An open-addressing index, by linear probing, from hashes to slots numbered from 0. The keys lie
 * with the caller, who compares those of the slots that the index offers for a hash:
 *
 * <pre>{@code
 * int at = index.probe(hash, hash);
 * while (index.slotAt(at) != SlotIndex.NONE && !sameKey(index.slotAt(at))) {
 *   at = index.probe(hash, at + 1);
 * }
 * }</pre>
 */
final class SlotIndex {
  static final int NONE = -1;

  private static final int SMALLEST = 16;

  /** The hash in the upper half, the slot plus 1 in the lower; 0 where nothing is. */
  private long[] entries = new long[SMALLEST];

  private int size;

  /** The first position from the given one on that is empty or holds a slot with this hash. */
  int probe(int hash, int from) {
    int at = from & (entries.length - 1);
    while (entries[at] != 0 && (int) (entries[at] >>> 32) != hash) {
      at = (at + 1) & (entries.length - 1);
    }
    return at;
  }

  /** The slot at a position, or {@link #NONE}. */
  int slotAt(int position) {
    return (int) entries[position] - 1;
  }

  /** Puts a slot at an empty position that {@link #probe} gave; positions are void afterwards. */
  void put(int position, int hash, int slot) {
    entries[position] = (long) hash << 32 | (slot + 1);
    if (++size > entries.length / 2) {
      grow();
    }
  }

  /** Forgets every slot and keeps the room. */
  void clear() {
    Arrays.fill(entries, 0);
    size = 0;
  }

  long bytes() {
    return (long) entries.length * Long.BYTES;
  }

  private void grow() {
    long[] old = entries;
    entries = new long[Math.multiplyExact(old.length, 2)];
    for (long entry : old) {
      if (entry != 0) {
        int at = (int) (entry >>> 32) & (entries.length - 1);
        while (entries[at] != 0) {
          at = (at + 1) & (entries.length - 1);
        }
        entries[at] = entry;
      }
    }
  }
}
