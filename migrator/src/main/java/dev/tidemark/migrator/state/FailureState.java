package dev.tidemark.migrator.state;

/** What can be wrong with a change set; each has a section in the recovery runbook. */
public enum FailureState {
  /** A statement failed or a verification did not hold; Postgres undid all of it. */
  FAILED_AND_ROLLED_BACK,
  /** A statement outside of a transaction failed; those before it are done. */
  FAILED_PART_WAY,
  /** The migrator is gone, its session is still at work on the server. */
  STILL_RUNNING,
  /** The migrator is gone; the server did all that there was to do, and nobody wrote it down. */
  INTERRUPTED_AFTER_FINISH,
  /** The migrator is gone, and what it was doing is not finished. */
  INTERRUPTED,
  /** Its statements are done; a data step is not, and the next apply goes on with it. */
  STOPPED_IN_DATA_STEP,
  /** An index build that was given up left an index that is maintained but not used. */
  INVALID_INDEX,
  /** The history, the journal and the catalogue do not tell the same. */
  HISTORY_DISAGREES,
  /** Going back failed. */
  ROLLBACK_FAILED,
  /** It had failed and was rolled back; nothing of it is left. */
  ROLLED_BACK
}
