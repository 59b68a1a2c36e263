package dev.tidemark.migrator.state;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The youngest run of a change set.
 *
 * @param id ascending in the order of the runs
 * @param operation the operation it was part of
 * @param changeSet the change set's version
 * @param description its description
 * @param script apply or rollback
 * @param statements how many statements the script had
 * @param transactional whether all of it happens or nothing
 * @param startedAt when it began, by the server's clock
 * @param outcome how it ended; empty if it is at work, or if nobody was left to write it down
 * @param message why it is not done
 * @param atWork whether its migrator is still there
 * @param openSession the session that executes it, in words, if the server still has it
 * @param openProcess the process number of that session
 */
public record Run(
    long id,
    UUID operation,
    String changeSet,
    String description,
    ScriptKind script,
    int statements,
    boolean transactional,
    Instant startedAt,
    Optional<RunOutcome> outcome,
    Optional<String> message,
    boolean atWork,
    Optional<String> openSession,
    Optional<Integer> openProcess) {
  /** Whether nobody wrote down how it ended, and nobody will. */
  public boolean abandoned() {
    return outcome.isEmpty() && !atWork;
  }
}
