package dev.tidemark.benchmarks.operational;

/**
 * How much data there is.
 *
 * @param organizations each with one user, one API key and one budget; every hundredth has a
 *     workspace with ten workflows, the first one ten thousand
 * @param events usage events over the last twelve months, of at most 10,000 of the organizations,
 *     whose shares follow Zipf's law
 */
record Scale(long organizations, long events) {
  /** Measured at the largest size and rounded up: everything with its indexes. */
  private static final long BYTES_PER_ORGANIZATION = 2_200;

  private static final long BYTES_PER_EVENT = 700;
  private static final long FIXED_BYTES = 4L << 30;

  Scale {
    if (organizations < 1 || events < 1) {
      throw new IllegalArgumentException(
          "There must be organizations and events: %s".formatted(this));
    }
  }

  /** Disk that it takes, write-ahead log included, bytes. */
  long bytes() {
    return FIXED_BYTES + organizations * BYTES_PER_ORGANIZATION + events * BYTES_PER_EVENT;
  }

  /** One of the organizations that have a workspace, by any number. */
  long withWorkspace(long any) {
    long workspaces = (organizations + 99) / 100;
    return Math.floorMod(any, workspaces) * 100;
  }
}
