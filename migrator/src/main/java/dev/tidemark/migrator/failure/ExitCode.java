package dev.tidemark.migrator.failure;

/** How a command ends. The numbers are part of the product's contract with schedulers. */
public enum ExitCode {
  /** Done. */
  DONE(0),
  /** A defect of ours. */
  DEFECT(1),
  /** Bad usage or configuration, or a lake that is not ours or is newer than the program. */
  USAGE(2),
  /** Refused by a guard: approval, lint, check, a held window, a changed input file. */
  REFUSED(3),
  /** Database or storage out of reach. */
  UNREACHABLE(4),
  /** Busy: a lock is held by another run, or too many conflicts. Trying again later is right. */
  BUSY(5),
  /** A mismatch was found by validate, verify, smoke, reconcile, docs, audit or torture. */
  MISMATCH(6),
  /** Stopped part-way with the state recorded: a failing statement, a failed job. */
  PARTIAL(7),
  /** Interrupted by the user. */
  INTERRUPTED(130);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /** The process's exit status. */
  public int number() {
    return number;
  }
}
