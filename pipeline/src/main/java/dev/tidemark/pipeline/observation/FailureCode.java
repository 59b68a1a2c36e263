package dev.tidemark.pipeline.observation;

import dev.tidemark.migrator.failure.UserFailure;

/** Names failures for machines. */
public final class FailureCode {
  private FailureCode() {}

  /** The stable code where there is one, else the name of the error: messages may hold values. */
  public static String of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UserFailure known) {
        return known.code();
      }
    }
    return failure.getClass().getSimpleName();
  }
}
