package dev.tidemark.migrator.guard;

import java.time.Duration;

/** How long an operation may take. It is looked at between statements: none is broken off. */
public final class TimeBudget {
  /** For ever. */
  public static final TimeBudget UNLIMITED = new TimeBudget(Duration.ZERO, 0);

  private final Duration limit;
  private final long startedAt;

  private TimeBudget(Duration limit, long startedAt) {
    this.limit = limit;
    this.startedAt = startedAt;
  }

  /**
   * A budget that begins now.
   *
   * @param limit zero for no limit
   */
  public static TimeBudget starting(Duration limit) {
    return new TimeBudget(limit, System.nanoTime());
  }

  /** Whether it is used up. */
  public boolean exceeded() {
    return !limit.isZero() && System.nanoTime() - startedAt >= limit.toNanos();
  }

  /** How long it is, in words. */
  public String words() {
    return Times.words(limit);
  }
}
