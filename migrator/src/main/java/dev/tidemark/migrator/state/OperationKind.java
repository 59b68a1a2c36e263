package dev.tidemark.migrator.state;

/** What an operation is about. */
public enum OperationKind {
  APPLY,
  ROLLBACK,
  RESOLVE,
  SEED,
  BASELINE,
  APPROVE,
  PARTITIONS,
  ROTATE_KEYS,
  ACCEPT_AUDIT
}
