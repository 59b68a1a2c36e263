package dev.tidemark.migrator.state;

/** How an operation ended. */
public enum OperationOutcome {
  DONE,
  /** It began to change the schema and could not finish. */
  FAILED,
  /** A guard turned it away before it changed anything. */
  REFUSED
}
