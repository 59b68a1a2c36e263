package dev.tidemark.pipeline.failure;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.UserFailure;

/** What a user of the pipeline can cause; {@link PipelineFailures} makes them. */
public final class PipelineException extends UserFailure {
  private static final long serialVersionUID = 1L;

  PipelineException(
      String code,
      ExitCode exitCode,
      String problem,
      String reason,
      String remedy,
      Throwable cause) {
    super(code, exitCode, problem, reason, remedy, cause);
  }
}
