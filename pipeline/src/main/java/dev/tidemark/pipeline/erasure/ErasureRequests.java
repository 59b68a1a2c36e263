package dev.tidemark.pipeline.erasure;

import dev.tidemark.migrator.failure.UserFailure;
import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.observation.FailureCode;
import dev.tidemark.pipeline.source.postgres.PostgresServer;
import dev.tidemark.pipeline.sql.SqlResource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works off the open rows of {@code erasure_requests} in Postgres.
 *
 * <p>One process at a time does, under a lock that ends with it. So a request that is running when
 * it comes was left behind by one that is gone, and is begun again: erasing twice is harmless. Each
 * step is a transaction of its own: before the work a request is running, after it completed or
 * failed.
 */
public final class ErasureRequests {
  private static final Logger LOG = LoggerFactory.getLogger(ErasureRequests.class);

  /** "tidemark" and a number of its own, as the keys of Postgres's advisory locks. */
  private static final String LOCK = "SELECT pg_try_advisory_lock(hashtext('tidemark'), 100)";

  private static final String THERE = "SELECT to_regclass('erasure_requests') IS NOT NULL";

  /** What the table takes of a reason. */
  private static final int LONGEST_REASON = 10_000;

  private static final SqlResource OPEN = sql("open-requests.sql");
  private static final SqlResource BEGIN = sql("begin-request.sql");
  private static final SqlResource COMPLETE = sql("complete-request.sql");
  private static final SqlResource FAIL = sql("fail-request.sql");

  private final PostgresServer server;

  /** The requests of a database. */
  public ErasureRequests(PostgresServer server) {
    this.server = Objects.requireNonNull(server);
  }

  /** Erases a subject. */
  @FunctionalInterface
  public interface Work {
    /**
     * Does it, rollups and publication included.
     *
     * @param request its id
     */
    ErasureReport erase(Subject subject, String request);
  }

  /** What a report is as evidence: it names nobody. */
  @FunctionalInterface
  public interface Evidence {
    /**
     * The report as it is handed out; its SHA-256 is kept with the request.
     *
     * @param request its id
     */
    String of(ErasureReport report, String request);
  }

  private record Request(UUID id, Subject subject, Instant dueAt) {}

  /**
   * Erases the subject of each open request, the most pressing first, and marks what became of it.
   * One that fails does not keep the others from being done.
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException if another process is at it, or
   *     Postgres does not let requests be read or marked
   */
  public List<AnsweredRequest> run(Work work, Evidence evidence) {
    try (Connection connection = server.connect()) {
      if (!isTrue(connection, THERE)) {
        throw PipelineFailures.noErasureRequests(server.toString());
      }
      PostgresServer.refuseHiddenRows(connection, "erasure_requests");
      if (!isTrue(connection, LOCK)) {
        throw PipelineFailures.erasureRequestsBusy(server.toString());
      }
      List<AnsweredRequest> answered = new ArrayList<>();
      for (Request request : open(connection)) {
        answer(connection, request, work, evidence).ifPresent(answered::add);
      }
      return answered;
    } catch (SQLException e) {
      throw PipelineFailures.erasureRequestsFailed(server.toString(), e);
    }
  }

  /** Empty where somebody else has answered it meanwhile. */
  private static Optional<AnsweredRequest> answer(
      Connection connection, Request request, Work work, Evidence evidence) throws SQLException {
    Optional<Integer> attempt = begin(connection, request.id());
    if (attempt.isEmpty()) {
      return Optional.empty();
    }
    int number = attempt.get();
    ErasureReport report;
    try {
      report = work.erase(request.subject(), request.id().toString());
    } catch (RuntimeException e) {
      LOG.warn("The request for erasure {} failed", request.id(), e);
      String reason = reason(e);
      fail(connection, request.id(), number, reason);
      return Optional.of(
          new AnsweredRequest(
              request.id(),
              request.dueAt(),
              number,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.of(reason)));
    }
    byte[] digest = sha256(evidence.of(report, request.id().toString()));
    Instant completedAt = complete(connection, request.id(), number, digest);
    return Optional.of(
        new AnsweredRequest(
            request.id(),
            request.dueAt(),
            number,
            Optional.of(report),
            Optional.of(HexFormat.of().formatHex(digest)),
            Optional.of(completedAt),
            Optional.empty()));
  }

  private static List<Request> open(Connection connection) throws SQLException {
    List<Request> requests = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(OPEN.text())) {
      while (rows.next()) {
        requests.add(
            new Request(
                rows.getObject(1, UUID.class),
                new Subject(rows.getString(2), Optional.ofNullable(rows.getString(3))),
                rows.getObject(4, OffsetDateTime.class).toInstant()));
      }
    }
    return requests;
  }

  private static Optional<Integer> begin(Connection connection, UUID id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(BEGIN.text())) {
      statement.setObject(1, id);
      try (ResultSet begun = statement.executeQuery()) {
        return begun.next() ? Optional.of(begun.getInt(1)) : Optional.empty();
      }
    }
  }

  private static Instant complete(Connection connection, UUID id, int attempt, byte[] digest)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(COMPLETE.text())) {
      statement.setBytes(1, digest);
      statement.setObject(2, id);
      statement.setInt(3, attempt);
      try (ResultSet completed = statement.executeQuery()) {
        if (!completed.next()) {
          throw PipelineFailures.erasureRequestTaken(id);
        }
        return completed.getObject(1, OffsetDateTime.class).toInstant();
      }
    }
  }

  private static void fail(Connection connection, UUID id, int attempt, String reason)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FAIL.text())) {
      statement.setString(1, reason);
      statement.setObject(2, id);
      statement.setInt(3, attempt);
      try (ResultSet failed = statement.executeQuery()) {
        if (!failed.next()) {
          throw PipelineFailures.erasureRequestTaken(id);
        }
      }
    }
  }

  /** Messages of others than ours may hold values, so that their name has to do. */
  private static String reason(RuntimeException failure) {
    String reason =
        failure instanceof UserFailure known
            ? known.code() + ": " + known.problem() + ". Cause: " + known.reason()
            : FailureCode.of(failure);
    return reason.substring(0, Math.min(reason.length(), LONGEST_REASON));
  }

  private static boolean isTrue(Connection connection, String question) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(question)) {
      answer.next();
      return answer.getBoolean(1);
    }
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java has it.
    }
  }

  private static SqlResource sql(String file) {
    return SqlResource.of(ErasureRequests.class, file);
  }
}
