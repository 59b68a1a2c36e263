package dev.tidemark.benchmarks.contest;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.UserFailure;

/** A contestant came to another result than the true one, so that its time means nothing. */
public final class ResultDiffers extends UserFailure {
  private static final long serialVersionUID = 1L;

  private ResultDiffers(String problem, String reason) {
    super(
        "TM-BEN-001",
        ExitCode.MISMATCH,
        problem,
        reason,
        "report it with the numbers of this message; no figure of this run counts",
        null);
  }

  /**
   * Compares a result with what it must be.
   *
   * @throws ResultDiffers if it is another
   */
  public static void unless(String contestant, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      throw new ResultDiffers(
          "The result of " + contestant + " is not the true one",
          "expected " + expected + ", got " + actual);
    }
  }
}
