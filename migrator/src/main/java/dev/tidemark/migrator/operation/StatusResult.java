package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.approval.ApprovalState;
import dev.tidemark.migrator.datastep.DataStepProgress;
import dev.tidemark.migrator.state.FailureState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a schema stands.
 *
 * @param entries every change set that the program or the database knows, by version
 * @param version the youngest applied version; empty if there is none
 * @param dataSteps those that were begun and are not finished
 * @param operator the session that is changing the schema right now, in words
 * @param approvals how far change sets are approved, by version; only where approval is required or
 *     was given
 */
public record StatusResult(
    List<Entry> entries,
    Optional<String> version,
    List<DataStepProgress> dataSteps,
    Optional<String> operator,
    Map<String, ApprovalState> approvals) {

  /**
   * One change set.
   *
   * @param version its version
   * @param description its description
   * @param state where it stands
   * @param appliedAt when it was applied; empty if it is not
   * @param appliedBy the role that applied it
   * @param milliseconds how long that took
   * @param finding what is wrong with it; empty if nothing is
   */
  public record Entry(
      String version,
      String description,
      State state,
      Optional<Instant> appliedAt,
      Optional<String> appliedBy,
      Optional<Long> milliseconds,
      Optional<Finding> finding) {
    /** Whether the history knows it as applied, whatever else is wrong with it. */
    public boolean isApplied() {
      return appliedAt.isPresent();
    }

    Entry with(State newState, Optional<Finding> newFinding) {
      return new Entry(
          version, description, newState, appliedAt, appliedBy, milliseconds, newFinding);
    }
  }

  /**
   * What is wrong with a change set.
   *
   * @param state the failure state; the recovery runbook has a section for each
   * @param detail what is seen, in words
   * @param remedy what to do about it
   * @param resumable whether apply goes on with it by itself
   */
  public record Finding(FailureState state, String detail, String remedy, boolean resumable) {}

  /** Where a change set stands. */
  public enum State {
    /** Done. */
    APPLIED,
    /** To be applied. */
    PENDING,
    /** Being applied or rolled back right now. */
    RUNNING,
    /** Not as it should be; its finding says how, and what to do. */
    FAILED,
    /** Applied, but its statements were edited afterwards. */
    EDITED,
    /** Applied, but this program does not know it: the schema is newer than the program. */
    UNKNOWN,
    /** Not applied although younger ones are. */
    LATE
  }
}
