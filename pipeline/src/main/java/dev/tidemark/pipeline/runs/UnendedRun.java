package dev.tidemark.pipeline.runs;

import java.time.Instant;
import java.util.Optional;

/**
 * A run that has begun and not ended.
 *
 * @param runId its identity
 * @param command such as {@code rollup}
 * @param source its source
 * @param startedAt when it began
 * @param process number of the process and name of its machine
 * @param state what has become of it
 */
public record UnendedRun(
    String runId, String command, String source, Instant startedAt, String process, State state) {
  /** What has become of a run. */
  public enum State {
    /** Its process is at work on this machine. */
    RUNNING,
    /** Its process, which was on this machine, is gone. */
    KILLED,
    /** Its process is or was on another machine. */
    UNKNOWN
  }

  /** When the process of a number began, on this machine. */
  @FunctionalInterface
  interface Processes {
    /** Empty where there is no such process. */
    Optional<Instant> startOf(long number);
  }

  /**
   * What has become of a run whose end is not known.
   *
   * @param process number of the process and name of its machine
   * @param machine the name of this machine
   */
  static State state(Instant startedAt, String process, String machine, Processes processes) {
    int at = process.indexOf('@');
    if (at < 0 || !process.substring(at + 1).equals(machine)) {
      return State.UNKNOWN;
    }
    // The number of a process that is gone may be another's by now.
    return processes
        .startOf(Long.parseLong(process.substring(0, at)))
        .filter(start -> !start.isAfter(startedAt))
        .map(start -> State.RUNNING)
        .orElse(State.KILLED);
  }
}
