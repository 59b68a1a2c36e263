package dev.tidemark.jobs.failure;

import dev.tidemark.migrator.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Path;

/** The one place where failures of this module are made; codes run from {@code TM-JOB-001}. */
public final class JobsFailures {
  private static final int SHOWN_OF_STATEMENT = 60;

  private JobsFailures() {}

  /** A SQL statement that Spark refuses, or that fails over the data. */
  public static JobsException statementFailed(String statement, Throwable cause) {
    return new JobsException(
        "TM-JOB-001",
        ExitCode.USAGE,
        "The statement \"" + beginning(statement) + "\" failed",
        String.valueOf(cause.getMessage()).lines().findFirst().orElse("unknown"),
        "correct the statement; SHOW TABLES lists the tables and DESCRIBE a table's columns",
        cause);
  }

  /** A SQL text in which a quote or a comment is opened and not closed. */
  public static JobsException unclosed(String what, String statement) {
    return new JobsException(
        "TM-JOB-002",
        ExitCode.USAGE,
        "The statement \"" + beginning(statement) + "\" has no end",
        what + " is opened in it and not closed",
        "close it",
        null);
  }

  /** The shell's history, which cannot be kept. */
  public static JobsException historyUnwritable(Path file, IOException cause) {
    return new JobsException(
        "TM-JOB-003",
        ExitCode.UNREACHABLE,
        "The history of the SQL shell cannot be kept in " + file,
        String.valueOf(cause.getMessage()),
        "give a folder that can be written to as home, with --config or TIDEMARK_HOME",
        cause);
  }

  private static String beginning(String statement) {
    String line = statement.strip().replaceAll("\\s+", " ");
    return line.length() <= SHOWN_OF_STATEMENT ? line : line.substring(0, SHOWN_OF_STATEMENT) + "…";
  }
}
