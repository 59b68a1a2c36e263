package dev.tidemark.migrator.state;

/** What a person says is to become of a change set that failed. */
public enum Resolution {
  /** The cause is mended: the next operation goes on where this one stopped. */
  RETRY,
  /** All of it is there, whoever did it. */
  MARK_APPLIED,
  /** Nothing of it is there, whoever undid it. */
  MARK_ROLLED_BACK
}
