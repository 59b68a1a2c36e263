package dev.tidemark.jobs.failure;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.UserFailure;

/** What a user of the job and SQL commands can cause; {@link JobsFailures} makes them. */
public final class JobsException extends UserFailure {
  private static final long serialVersionUID = 1L;

  JobsException(
      String code,
      ExitCode exitCode,
      String problem,
      String reason,
      String remedy,
      Throwable cause) {
    super(code, exitCode, problem, reason, remedy, cause);
  }
}
