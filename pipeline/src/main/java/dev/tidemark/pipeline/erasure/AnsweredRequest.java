package dev.tidemark.pipeline.erasure;

import dev.tidemark.pipeline.failure.PipelineFailures;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What became of a request for erasure.
 *
 * @param id the request
 * @param dueAt by when it must be done
 * @param attempt how often it was begun
 * @param report what was erased; empty where it failed
 * @param evidence SHA-256 of the report, in hexadecimal digits; empty where it failed
 * @param completedAt when it was marked as completed, by the clock of Postgres; empty where it
 *     failed
 * @param failure why it failed; empty where it did not
 */
public record AnsweredRequest(
    UUID id,
    Instant dueAt,
    int attempt,
    Optional<ErasureReport> report,
    Optional<String> evidence,
    Optional<Instant> completedAt,
    Optional<String> failure) {
  /** Whether it is done. */
  public boolean completed() {
    return completedAt.isPresent();
  }

  /**
   * Makes sure that no request failed.
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException if one did
   */
  public static void requireAllCompleted(List<AnsweredRequest> answered) {
    List<String> failures =
        answered.stream().flatMap(request -> request.failure().stream()).toList();
    if (!failures.isEmpty()) {
      throw PipelineFailures.erasuresFailed(failures.size(), answered.size(), failures.get(0));
    }
  }
}
