package dev.tidemark.migrator.failure;

/** How a command ends. The numbers are part of the product's contract with schedulers. */
public enum ExitCode {
  /** Done. */
  DONE(0, "done"),
  /** A defect of ours. */
  DEFECT(1, "a defect of ours"),
  /** Bad usage or configuration, or a lake that is not ours or is newer than the program. */
  USAGE(2, "bad usage or configuration"),
  /** Refused by a guard: approval, lint, check, a held window, a changed input file. */
  REFUSED(3, "refused by a guard"),
  /** Database or storage out of reach. */
  UNREACHABLE(4, "database or storage out of reach"),
  /** Busy: a lock is held by another run, or too many conflicts. Trying again later is right. */
  BUSY(5, "busy: a lock is held by another run; try again later"),
  /** A mismatch was found by validate, verify, smoke, reconcile, docs, audit or torture. */
  MISMATCH(6, "a mismatch was found"),
  /** Stopped part-way with the state recorded: a failing statement, a failed job. */
  PARTIAL(7, "stopped part-way, state recorded"),
  /** Interrupted by the user. */
  INTERRUPTED(130, "interrupted");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  /** The process's exit status. */
  public int number() {
    return number;
  }

  /** What it tells a person, in a few words. */
  public String meaning() {
    return meaning;
  }
}
