package dev.tidemark.migrator.state;

/** One of a change set's scripts. */
public enum ScriptKind {
  APPLY,
  ROLLBACK,
  VERIFY,
  /** One of its data steps. */
  DATA
}
