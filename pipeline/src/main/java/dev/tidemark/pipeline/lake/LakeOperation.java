package dev.tidemark.pipeline.lake;

import dev.tidemark.migrator.failure.UserFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * One row of a lake's history: that a change set was begun to be applied or rolled back, or how
 * that ended.
 *
 * @param sequence number of the row; 0 in a lake of an older program
 * @param rowId identity of the row
 * @param version of the change set
 * @param description of the change set
 * @param checksum of its apply.sql
 * @param actor who; empty in a lake of an older program
 * @param host on which machine
 * @param process its process number there
 * @param at when the row was written
 * @param duration from begin to end; empty for a begin
 * @param failure why it failed; empty if it did not
 * @param reason why rows were allowed to be lost; empty if they were not
 */
public record LakeOperation(
    long sequence,
    String rowId,
    Kind kind,
    long version,
    String description,
    String checksum,
    Outcome outcome,
    String actor,
    String host,
    long process,
    Instant at,
    Optional<Duration> duration,
    Optional<String> failure,
    Optional<String> reason) {

  /** Which way it goes. */
  public enum Kind {
    APPLY,
    ROLLBACK;

    /** As the table has it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /** How far it is. */
  public enum Outcome {
    BEGUN,
    DONE,
    FAILED;

    /** As the table has it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Outcome of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  LakeOperation numbered(long number, String id) {
    return new LakeOperation(
        number,
        id,
        kind,
        version,
        description,
        checksum,
        outcome,
        actor,
        host,
        process,
        at,
        duration,
        failure,
        reason);
  }

  LakeOperation ended(Optional<RuntimeException> thrown, Instant now) {
    return new LakeOperation(
        0,
        "",
        kind,
        version,
        description,
        checksum,
        thrown.isEmpty() ? Outcome.DONE : Outcome.FAILED,
        actor,
        host,
        process,
        now,
        Optional.of(Duration.between(at, now)),
        thrown.map(LakeOperation::words),
        reason);
  }

  private static String words(RuntimeException thrown) {
    return thrown instanceof UserFailure known
        ? known.code() + " " + thrown.getMessage()
        : thrown.toString();
  }
}
