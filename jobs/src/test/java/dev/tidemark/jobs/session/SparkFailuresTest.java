package dev.tidemark.jobs.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.jobs.failure.JobsFailures;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.UserFailure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.util.DiskChecker.DiskErrorException;
import org.apache.spark.SparkException;
import org.apache.spark.sql.AnalysisException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scala.jdk.javaapi.CollectionConverters;

class SparkFailuresTest {
  static Stream<Exception> refusals() {
    return Stream.of(
        new IOException("No space left on device"),
        new IOException("write failed: Read-only file system"),
        new FileNotFoundException("/lake/x (Permission denied)"),
        new IOException("Mkdirs failed to create file:/lake/x"),
        new AccessDeniedException("/lake/x"),
        new AccessControlException("user=none"),
        new DiskErrorException("no disk"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void storageThatRefusesIsOutOfReachEvenWithinAFailedTask(Exception refusal) {
    RuntimeException failure = of(new SparkException("Job aborted", refusal));

    assertThat(failure).isInstanceOf(UserFailure.class);
    assertThat(((UserFailure) failure).exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(((UserFailure) failure).problem()).contains("/lake");
  }

  /** The driver writes commits: what fails there is no failed task. */
  @Test
  void storageThatDoesNotAnswerACommitIsOutOfReach() {
    RuntimeException failure = of(new IllegalStateException(new IOException("no answer")));

    assertThat(((UserFailure) failure).exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(((UserFailure) failure).reason()).isEqualTo("no answer");
  }

  @Test
  void aFailedTaskIsAPartialRunToldByItsRootInOneLine() {
    RuntimeException failure =
        of(new SparkException("Job aborted", new IllegalArgumentException("the root\nand more")));

    assertThat(((UserFailure) failure).exitCode()).isEqualTo(ExitCode.PARTIAL);
    assertThat(((UserFailure) failure).reason()).isEqualTo("the root");
    assertThat(((UserFailure) failure).remedy()).contains("takes up where it stopped");
  }

  @Test
  void aTableThatSomebodyHasChangedIsTheUsersToMend() {
    Map<String, String> column = Map.of("objectName", "usage_date");

    RuntimeException failure =
        of(new AnalysisException("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", asScala(column)));

    assertThat(((UserFailure) failure).exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(((UserFailure) failure).problem()).contains("/lake");
    assertThat(((UserFailure) failure).reason()).contains("usage_date");
  }

  @Test
  void aUsersFailureIsToldAsItIs() {
    UserFailure known = JobsFailures.unclosed("a quote", "SELECT '");

    assertThat(of(new SparkException("Job aborted", known))).isSameAs(known);
  }

  @Test
  void whatNobodyKnowsStaysWhatItIs() {
    IllegalStateException defect = new IllegalStateException("oops");

    assertThat(of(defect)).isSameAs(defect);
  }

  private static scala.collection.immutable.Map<String, String> asScala(Map<String, String> map) {
    return scala.collection.immutable.Map.from(CollectionConverters.asScala(map));
  }

  private static RuntimeException of(Exception thrown) {
    return SparkFailures.of("a job", "/lake", thrown);
  }
}
