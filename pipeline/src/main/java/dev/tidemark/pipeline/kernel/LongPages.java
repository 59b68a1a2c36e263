package dev.tidemark.pipeline.kernel;

import java.util.Arrays;

/**
 * Room for longs that grows a page at a time, so that growth copies nothing. Addresses run from 0;
 * a run of longs handed out lies within one page.
 */
final class LongPages {
  private static final int PAGE_BITS = 16;
  private static final int PAGE = 1 << PAGE_BITS;

  private long[][] pages = new long[4][];
  private int pageCount;
  private long end;

  /** The address of the next run of so many longs, at most a page; what is in them is undefined. */
  long allocate(int length) {
    if (offset(end) + length > PAGE) {
      end = (end | (PAGE - 1)) + 1;
    }
    long address = end;
    end += length;
    while ((long) pageCount << PAGE_BITS < end) {
      if (pageCount == pages.length) {
        pages = Arrays.copyOf(pages, 2 * pageCount);
      }
      pages[pageCount++] = new long[PAGE];
    }
    return address;
  }

  /** The page of an address. */
  long[] page(long address) {
    return pages[(int) (address >>> PAGE_BITS)];
  }

  /** Where in its page an address lies. */
  static int offset(long address) {
    return (int) address & (PAGE - 1);
  }

  /** Takes every run back and keeps the pages. */
  void clear() {
    end = 0;
  }

  /** How much is taken by runs; pages kept for later do not count. */
  long bytes() {
    return end * Long.BYTES;
  }
}
