package dev.tidemark.migrator.failure;

/** What a user of the migrator can cause; {@link MigratorFailures} makes them. */
public final class MigratorException extends UserFailure {
  private static final long serialVersionUID = 1L;

  MigratorException(
      String code,
      ExitCode exitCode,
      String problem,
      String reason,
      String remedy,
      Throwable cause) {
    super(code, exitCode, problem, reason, remedy, cause);
  }
}
