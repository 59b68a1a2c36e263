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

  private static String firstLine(Throwable cause) {
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("unknown");
  }
}
