package dev.tidemark.pipeline.telemetry;

import dev.tidemark.migrator.failure.UserFailure;

/** Names failures for machines. */
final class Failures {
  private Failures() {}

  /** A stable code where there is one, else the type: messages may hold values. */
  static String code(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UserFailure known) {
        return known.code();
      }
    }
    return failure.getClass().getName();
  }
}
