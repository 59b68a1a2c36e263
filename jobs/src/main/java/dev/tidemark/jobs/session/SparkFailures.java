package dev.tidemark.jobs.session;

import dev.tidemark.jobs.failure.JobsFailures;
import dev.tidemark.migrator.failure.UserFailure;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.util.DiskChecker.DiskErrorException;
import org.apache.spark.SparkException;
import org.apache.spark.sql.AnalysisException;

/** The one place where what Spark, Delta and Hadoop throw becomes a failure with an exit code. */
final class SparkFailures {
  /** What operating system, Hadoop and Delta say when storage takes nothing. */
  private static final List<String> REFUSALS =
      List.of(
          "No space left on device",
          "Disk quota exceeded",
          "Read-only file system",
          "Permission denied",
          "Mkdirs failed to create",
          "DELTA_CANNOT_CREATE_LOG_PATH");

  private SparkFailures() {}

  /**
   * The failure to tell.
   *
   * @param name of the job, for the message
   * @param lake path of the lake, for the message
   * @param thrown what came out of the work; itself where nothing better is known
   */
  static RuntimeException of(String name, String lake, Exception thrown) {
    Throwable root = thrown;
    boolean failedJob = false;
    Throwable refusal = null;
    Throwable unanalyzed = null;
    Throwable unanswered = null;
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof UserFailure known) {
        return known;
      }
      refusal = isRefusal(cause) ? cause : refusal;
      unanalyzed = cause instanceof AnalysisException ? cause : unanalyzed;
      unanswered = cause instanceof IOException ? cause : unanswered;
      failedJob |= cause instanceof SparkException;
      root = cause;
    }
    if (refusal != null) {
      return JobsFailures.storageRefuses(lake, refusal);
    }
    if (unanalyzed != null) {
      return JobsFailures.lakeIsNotAsMade(lake, unanalyzed);
    }
    if (failedJob) {
      return JobsFailures.jobFailed(name, root, thrown);
    }
    if (unanswered != null) {
      return JobsFailures.storageRefuses(lake, unanswered);
    }
    return thrown instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(thrown);
  }

  private static boolean isRefusal(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return cause instanceof AccessDeniedException
        || cause instanceof AccessControlException
        || cause instanceof DiskErrorException
        || REFUSALS.stream().anyMatch(message::contains);
  }
}
