package dev.tidemark.migrator.failure;

import java.util.Objects;

/**
 * A failure that a user can cause and mend: bad input, an unreachable server, a refused operation.
 * Anything else that is thrown is a defect of ours.
 *
 * <p>Each module has one subclass, whose instances are all born in that module's factory class, so
 * that codes stay unique and messages keep one voice.
 */
public abstract class UserFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final ExitCode exitCode;
  private final String problem;
  private final String reason;
  private final String remedy;

  /**
   * A failure with its explanation.
   *
   * @param code stable code such as {@code TM-MIG-012}
   * @param exitCode how the command ends
   * @param problem what did not work, with the values in it; one sentence without a full stop
   * @param reason why, as far as it is known
   * @param remedy what the user can do about it
   * @param cause the exception behind it, or null
   */
  protected UserFailure(
      String code,
      ExitCode exitCode,
      String problem,
      String reason,
      String remedy,
      Throwable cause) {
    super(code + ": " + problem + ". Cause: " + reason + ". Remedy: " + remedy + ".", cause);
    this.code = Objects.requireNonNull(code);
    this.exitCode = Objects.requireNonNull(exitCode);
    this.problem = Objects.requireNonNull(problem);
    this.reason = Objects.requireNonNull(reason);
    this.remedy = Objects.requireNonNull(remedy);
  }

  /** The stable code of this failure, such as {@code TM-MIG-012}. */
  public String code() {
    return code;
  }

  /** How the command ends. */
  public ExitCode exitCode() {
    return exitCode;
  }

  /** What did not work. */
  public String problem() {
    return problem;
  }

  /** Why it did not work. */
  public String reason() {
    return reason;
  }

  /** What the user can do about it. */
  public String remedy() {
    return remedy;
  }
}
