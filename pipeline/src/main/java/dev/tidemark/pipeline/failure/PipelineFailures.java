package dev.tidemark.pipeline.failure;

import dev.tidemark.migrator.failure.ExitCode;
import java.sql.SQLException;

/** The one place where the pipeline's failures are made; codes run from {@code TM-PIP-001}. */
public final class PipelineFailures {
  private PipelineFailures() {}

  /** A column mapping that Spark cannot understand. */
  public static PipelineException badMapping(String column, String expression, Throwable cause) {
    return new PipelineException(
        "TM-PIP-001",
        ExitCode.USAGE,
        "The mapping source.columns." + column + " = \"" + expression + "\" cannot be used",
        firstLine(cause),
        "give a Spark SQL expression over the columns of the source",
        cause);
  }

  /** A database that cannot be connected to. */
  public static PipelineException databaseOutOfReach(String jdbcUrl, SQLException cause) {
    String state = String.valueOf(cause.getSQLState());
    String remedy =
        state.startsWith("28")
            ? "check database.user and database.password (or TIDEMARK_DATABASE_USER and"
                + " TIDEMARK_DATABASE_PASSWORD)"
            : state.equals("3D000")
                ? "check the database's name in database.url"
                : "check database.url, and that the server runs and can be reached from here";
    return new PipelineException(
        "TM-PIP-002",
        ExitCode.UNREACHABLE,
        "The database " + withoutSecrets(jdbcUrl) + " cannot be connected to",
        firstLine(cause),
        remedy,
        cause);
  }

  /** A source table that could be connected to but not read or written. */
  public static PipelineException sourceUnreadable(String what, SQLException cause) {
    String state = String.valueOf(cause.getSQLState());
    String remedy =
        switch (state) {
          case "42P01", "42883" ->
              "apply the operational change sets first: tidemark migrate apply";
          case "42501" ->
              "give the database role the right to read usage_events past row security, and to"
                  + " write extraction_tokens and extraction_watermarks";
          default -> "see the server's log; the next run takes up where this one stopped";
        };
    return new PipelineException(
        "TM-PIP-003",
        ExitCode.UNREACHABLE,
        "Postgres cannot give " + what,
        firstLine(cause) + " (SQLSTATE " + state + ")",
        remedy,
        cause);
  }

  /** Other runs were faster too often. */
  public static PipelineException tooManyConflicts(String what, int attempts, Throwable cause) {
    return new PipelineException(
        "TM-PIP-004",
        ExitCode.BUSY,
        "Other runs were faster " + attempts + " times in a row at " + what,
        cause == null ? "another run claimed the same work" : firstLine(cause),
        "let the other runs end, then try again; nothing is lost",
        cause);
  }

  /** The kernel's groups do not add up to the rows read: a defect, stopped before it does harm. */
  public static IllegalStateException countsDiffer(String windows, long read, long grouped) {
    return new IllegalStateException(
        "Of " + windows + ", " + read + " requests were read but the groups hold " + grouped);
  }

  /** The run was interrupted. */
  public static PipelineException interrupted(InterruptedException cause) {
    return new PipelineException(
        "TM-PIP-005",
        ExitCode.INTERRUPTED,
        "The run was interrupted",
        "it was asked to stop",
        "start it again; it takes up where it stopped",
        cause);
  }

  private static String withoutSecrets(String jdbcUrl) {
    return jdbcUrl.replaceAll("(?i)(password=)[^&]*", "$1…");
  }

  private static String firstLine(Throwable cause) {
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("unknown");
  }
}
