package dev.tidemark.benchmarks.contest;

/**
 * One contestant's way of doing the work.
 *
 * @param <T> what comes out of it
 */
@FunctionalInterface
public interface Turn<T> {
  /** What has to be in place before; its time does not count. */
  default void prepare() throws Exception {}

  /** Does it once; this is what is measured. */
  T work() throws Exception;

  /**
   * Compares the result with what it must be, before its time counts.
   *
   * @throws ResultDiffers if it is another
   */
  default void check(T result) throws Exception {}

  /** Takes away what a run has left; its time does not count. */
  default void clean() throws Exception {}
}
