package dev.tidemark.migrator.state;

/** How the run of a script ended. */
public enum RunOutcome {
  /** All of it is there. */
  DONE,
  /** Nothing of it is left. */
  UNDONE,
  /** Part of it is there. */
  STOPPED
}
