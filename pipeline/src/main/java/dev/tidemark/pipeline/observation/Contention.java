package dev.tidemark.pipeline.observation;

/** Hears of attempts at which another writer was faster. */
@FunctionalInterface
public interface Contention {
  /**
   * An attempt was lost.
   *
   * @param what the work, for people
   * @param again whether it is tried again
   */
  void lost(String what, boolean again);
}
