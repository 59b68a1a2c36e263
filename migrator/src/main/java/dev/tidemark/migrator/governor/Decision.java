package dev.tidemark.migrator.governor;

import java.time.Duration;
import java.util.Optional;

/**
 * What to do next.
 *
 * @param action go on, wait and ask again, or give up
 * @param size how big the next chunk is to be; of no meaning unless the action is to go on
 * @param pause how long to wait first: before the next chunk, or before asking again
 * @param share the share of the time that the job may be at work, between 0 and 1; 0 while it holds
 * @param reason why it is not at full speed, in words; empty if nothing is in the way
 */
public record Decision(
    Action action, long size, Duration pause, double share, Optional<String> reason) {
  /** What a decision can be. */
  public enum Action {
    /** Pause, then do a chunk. */
    GO,
    /** Do nothing, then ask again. */
    HOLD,
    /** A signal has said stop for longer than the job may wait: end, with the state recorded. */
    GIVE_UP
  }
}
