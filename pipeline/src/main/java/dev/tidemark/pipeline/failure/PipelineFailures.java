package dev.tidemark.pipeline.failure;

import dev.tidemark.migrator.failure.ExitCode;

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

  /** A setting of Spark that cannot be taken from the configuration. */
  public static PipelineException badSparkSetting(String name, String reason, String remedy) {
    return new PipelineException(
        "TM-PIP-041",
        ExitCode.USAGE,
        "The Spark setting " + name + " cannot be used",
        reason,
        remedy,
        null);
  }

  /** A lake that has no table. */
  public static PipelineException noLake(String folder) {
    return new PipelineException(
        "TM-PIP-042",
        ExitCode.USAGE,
        "There is no lake in " + folder,
        "no Delta table lies directly in that folder",
        "run `tidemark demo` or `tidemark job rollup` first, or give the right lake.path with"
            + " --config",
        null);
  }

  /** A file system that does not answer, or refuses. */
  public static PipelineException storageUnreachable(String path, Throwable cause) {
    return new PipelineException(
        "TM-PIP-043",
        ExitCode.UNREACHABLE,
        "The storage of " + path + " cannot be reached",
        firstLine(cause),
        "check lake.path and the rights and credentials for it",
        cause);
  }

  /** A Spark that does not start: a cluster that does not answer, or a setting it refuses. */
  public static PipelineException sparkNotStarted(String master, Throwable cause) {
    return new PipelineException(
        "TM-PIP-044",
        ExitCode.UNREACHABLE,
        "Spark cannot be started on " + master,
        firstLine(cause),
        "check the master and the section spark of the configuration",
        cause);
  }

  private static String firstLine(Throwable cause) {
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("unknown");
  }
}
