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

  /** Storage that takes nothing more: full, read-only or not ours to write. */
  public static JobsException storageRefuses(String lake, Throwable cause) {
    return new JobsException(
        "TM-JOB-004",
        ExitCode.UNREACHABLE,
        "The storage of the lake " + lake + " cannot be written or read",
        firstLine(cause),
        "make room on it or get the right to write there, or give another lake.path; then start"
            + " again: it takes up where it stopped",
        cause);
  }

  /** A Spark job of which a task failed. */
  public static JobsException jobFailed(String name, Throwable root, Throwable cause) {
    return new JobsException(
        "TM-JOB-005",
        ExitCode.PARTIAL,
        "A Spark job of " + name + " failed",
        firstLine(root),
        "start it again; it takes up where it stopped",
        cause);
  }

  /** A home that holds what is not the demo's to replace. */
  public static JobsException notDemosHome(String reason) {
    return new JobsException(
        "TM-JOB-006",
        ExitCode.REFUSED,
        "The demo starts from nothing, and there is something",
        reason,
        "give it a home of its own, such as TIDEMARK_HOME=demo-home, and no --config that names"
            + " another database, lake or source",
        null);
  }

  /** A file or database of the demo that fails. */
  public static JobsException demoFailed(String what, Exception cause) {
    return new JobsException(
        "TM-JOB-007",
        ExitCode.UNREACHABLE,
        "The demo cannot " + what,
        firstLine(cause),
        "make room or get the right to write to TIDEMARK_HOME, then start again: it starts over",
        cause);
  }

  /** A lake whose tables Spark finds other than the program expects them. */
  public static JobsException lakeIsNotAsMade(String lake, Throwable cause) {
    return new JobsException(
        "TM-JOB-008",
        ExitCode.USAGE,
        "The lake " + lake + " is not as its change sets made it",
        firstLine(cause),
        "bring back the table or column that somebody has dropped or changed, or give another"
            + " lake.path; if nobody has, report this as a defect of Tidemark",
        cause);
  }

  /** A range of time that is none. */
  public static JobsException badRange(String from, String to, IllegalArgumentException cause) {
    return new JobsException(
        "TM-JOB-020",
        ExitCode.USAGE,
        "The range from " + from + " to " + to + " cannot be used",
        firstLine(cause),
        "give two times in ISO-8601, the earlier one first: UTC, or with an offset such as +01:00;"
            + " names of zones are not taken, so that no hour is skipped or meant twice",
        cause);
  }

  /** A length of time that is none. */
  public static JobsException badDuration(String option, String text, Throwable cause) {
    return new JobsException(
        "TM-JOB-021",
        ExitCode.USAGE,
        option + " " + text + " cannot be used",
        cause == null ? "it is not longer than nothing" : "it is no length of time",
        "give a number with a unit, such as 90m or 6h",
        cause);
  }

  /** A control file that can never be one. */
  public static JobsException badControlFile(Path file) {
    return new JobsException(
        "TM-JOB-022",
        ExitCode.USAGE,
        "The control file " + file + " cannot be used",
        "it is a folder",
        "give a file; it need not be there yet",
        null);
  }

  private static String firstLine(Throwable cause) {
    String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return text.lines().filter(line -> !line.isBlank()).findFirst().orElse(cause.toString());
  }

  private static String beginning(String statement) {
    String line = statement.strip().replaceAll("\\s+", " ");
    return line.length() <= SHOWN_OF_STATEMENT ? line : line.substring(0, SHOWN_OF_STATEMENT) + "…";
  }
}
