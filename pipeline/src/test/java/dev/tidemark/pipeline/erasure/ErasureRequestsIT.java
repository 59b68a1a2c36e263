package dev.tidemark.pipeline.erasure;

import static dev.tidemark.migrator.testing.Sql.column;
import static dev.tidemark.migrator.testing.Sql.execute;
import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.testing.PostgresExtension;
import dev.tidemark.pipeline.Pipeline;
import dev.tidemark.pipeline.PipelineSettings;
import dev.tidemark.pipeline.failure.PipelineException;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.publication.PublicationSettings;
import dev.tidemark.pipeline.rollup.Rollup;
import dev.tidemark.pipeline.source.postgres.PostgresServer;
import dev.tidemark.pipeline.testing.Login;
import dev.tidemark.pipeline.testing.TestLake;
import dev.tidemark.pipeline.testing.TestSpark;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Requests for erasure in Postgres, worked off by the pipeline's own role. */
class ErasureRequestsIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final Rollup.Listener NOBODY = (table, partition, done, of) -> {};
  private static final ErasureRequests.Evidence EVIDENCE =
      (report, request) -> request + " " + report.events();
  private static final ErasureReport NOTHING =
      new ErasureReport("run", Instant.EPOCH, 0, 0, 0, Optional.empty());

  private static final String ACME = "00000000-0000-0000-0000-00000000000a";
  private static final String OTHER = "00000000-0000-0000-0000-00000000000c";
  private static final String ANNA = "00000000-0000-0000-0000-0000000000b1";
  private static final String BERT = "00000000-0000-0000-0000-0000000000b2";
  private static final String CARL = "00000000-0000-0000-0000-0000000000b3";

  @TempDir Path folder;
  private Database database;
  private Login login;
  private Lake lake;

  @BeforeEach
  void open() throws SQLException {
    database = POSTGRES.newMigratedDatabase();
    login = Login.of(database, "tidemark_extraction");
    execute(
        database,
        """
        INSERT INTO organizations (id, slug, name, region_code, quota_users)
        VALUES ('%s', 'acme', 'Acme', 'eu', 50), ('%s', 'other', 'Other', 'eu', 50)
        """
            .formatted(ACME, OTHER));
    for (String user : List.of(ANNA, BERT, CARL)) {
      execute(
          database,
          """
          INSERT INTO users (id, organization_id, full_name, email_hmac, email_ciphertext, email_key_id)
          VALUES ('%1$s', '%2$s', 'N. N.', sha256('%1$s'), 'x', 'key-1')
          """
              .formatted(user, user.equals(CARL) ? OTHER : ACME));
    }
  }

  private void land() throws SQLException {
    lake = TestLake.create(folder);
    insert(3, ACME, ANNA);
    insert(5, ACME, BERT);
    insert(7, OTHER, CARL);
    pipeline().run(NOBODY).published().require();
  }

  @AfterEach
  void close() throws SQLException {
    login.close();
  }

  @Test
  void openRequestsAreWorkedOffAndMarkedTheMostPressingFirst() throws Exception {
    land();
    assertThat(answer()).as("none is open").isEmpty();
    String other = request(OTHER, null, "2 days");
    String anna = request(ACME, ANNA, "1 day");
    String rejected = request(ACME, BERT, "1 hour");
    execute(
        database,
        "UPDATE erasure_requests SET status = 'rejected', rejection_reason = 'not he' WHERE id = '"
            + rejected
            + "'");

    List<AnsweredRequest> answered = answer();

    assertThat(answered)
        .extracting(request -> request.id() + " " + request.report().orElseThrow().events())
        .containsExactly(anna + " 3", other + " 7");
    AnsweredRequest.requireAllCompleted(answered);
    assertThat(users()).containsExactly("[" + BERT + "]");
    assertThat(
            column(
                database,
                "SELECT concat_ws(' ', grain, user_id, request_count) FROM usage_summaries ORDER BY"
                    + " grain"))
        .containsExactly("hour " + BERT + " 5", "day " + BERT + " 5", "month " + BERT + " 5");
    assertThat(marks())
        .containsExactly(
            "rejected 0",
            "completed 1 " + sha256(anna + " 3"),
            "completed 1 " + sha256(other + " 7"));
    assertThat(answered).allMatch(request -> !request.completedAt().get().isAfter(Instant.now()));
    assertThat(
            TestLake.rows(lake, "SELECT request_id FROM delta.`" + folder + "/erasures`").stream()
                .map(row -> row.getString(0)))
        .containsExactlyInAnyOrder(anna, other);
    assertThat(
            value(
                database,
                "SELECT count(*) FROM audit_log_entries WHERE resource_type = 'erasure_requests' AND"
                    + " resource_id = '"
                    + anna
                    + "'"))
        .as("made, begun, completed")
        .isEqualTo("3");
    assertThat(answer()).as("nothing is left to do").isEmpty();
    assertThat(pipeline().run(NOBODY).landing().landed()).isZero();
  }

  /** One was killed before it erased, one after; then what comes after the erasure fails. */
  @Test
  void whatWasLeftInTheMiddleIsDoneAgain() throws Exception {
    land();
    String anna = request(ACME, ANNA, "1 day");
    String carl = request(OTHER, CARL, "2 days");
    execute(database, "UPDATE erasure_requests SET status = 'running', attempt_count = 1");
    pipeline().erase(new Subject(OTHER, Optional.of(CARL)), Optional.of(carl), NOBODY);
    execute(
        database,
        "CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS"
            + " 'BEGIN RAISE EXCEPTION ''never''; END'",
        "CREATE TRIGGER never BEFORE DELETE ON usage_summaries FOR EACH ROW EXECUTE FUNCTION"
            + " never()");

    List<AnsweredRequest> failed = answer();

    assertThat(failed)
        .extracting(request -> request.id() + " " + request.completed())
        .containsExactly(anna + " false", carl + " false");
    assertThat(marks()).hasSize(2).allMatch(mark -> mark.startsWith("failed 2 TM-PIP-082: "));
    assertThatThrownBy(() -> AnsweredRequest.requireAllCompleted(failed))
        .isInstanceOfSatisfying(
            PipelineException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo("TM-PIP-146");
              assertThat(failure.exitCode()).isEqualTo(ExitCode.PARTIAL);
            });

    execute(database, "DROP TRIGGER never ON usage_summaries");
    assertThat(answer()).allMatch(AnsweredRequest::completed);
    assertThat(marks())
        .containsExactly(
            "completed 3 " + sha256(anna + " 0"), "completed 3 " + sha256(carl + " 0"));
    assertThat(users()).containsExactly("[" + BERT + "]");
    assertThat(value(database, "SELECT count(*) FROM usage_summaries")).isEqualTo("3");
  }

  @Test
  void oneThatFailsIsToldAndTheOthersAreDone() throws Exception {
    String anna = request(ACME, ANNA, "1 day");
    String bert = request(ACME, BERT, "2 days");

    List<AnsweredRequest> answered =
        requests()
            .run(
                (subject, request) -> {
                  if (request.equals(anna)) {
                    throw new IllegalStateException("a value that nobody may know");
                  }
                  return NOTHING;
                },
                EVIDENCE);

    assertThat(answered)
        .extracting(request -> request.id() + " " + request.failure().orElse("done"))
        .containsExactly(anna + " IllegalStateException", bert + " done");
    assertThat(marks())
        .containsExactly("failed 1 IllegalStateException", "completed 1 " + sha256(bert + " 0"));
  }

  @Test
  void ofTwoProcessesOneIsAtWorkAndWhoeverMarksInTheMiddleIsTold() throws Exception {
    String anna = request(ACME, ANNA, "1 day");
    assertCode(
        "TM-PIP-145",
        () ->
            requests()
                .run(
                    (subject, request) -> {
                      assertCode("TM-PIP-143", () -> requests().run((s, r) -> NOTHING, EVIDENCE));
                      mark("status = 'failed', failure_reason = 'by hand'");
                      return NOTHING;
                    },
                    EVIDENCE));
    assertThat(marks()).containsExactly("failed 1 by hand");
    assertThat(requests().run((subject, request) -> NOTHING, EVIDENCE))
        .as("the lock went with its process")
        .singleElement()
        .matches(request -> request.id().toString().equals(anna) && request.completed());
  }

  @Test
  void whoMayNotMarkOrHasNoRequestsIsToldSo() throws Exception {
    request(ACME, ANNA, "1 day");
    execute(
        database,
        "REVOKE UPDATE (status, attempt_count, failure_reason, completed_at, evidence_digest) ON"
            + " erasure_requests FROM tidemark_extraction");
    assertCode("TM-PIP-144", () -> requests().run((subject, request) -> NOTHING, EVIDENCE));
    assertThat(marks()).containsExactly("received 0");

    execute(database, "ALTER TABLE erasure_requests RENAME TO elsewhere");
    assertCode("TM-PIP-142", () -> requests().run((subject, request) -> NOTHING, EVIDENCE));
  }

  private static void assertCode(String code, ThrowingCallable work) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            PipelineException.class, failure -> assertThat(failure.code()).isEqualTo(code));
  }

  private void mark(String as) {
    try {
      execute(database, "UPDATE erasure_requests SET " + as);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private ErasureRequests requests() {
    return new ErasureRequests(server());
  }

  private List<AnsweredRequest> answer() {
    return pipeline().eraseRequested(EVIDENCE, NOBODY);
  }

  private List<String> users() {
    return TestLake.rows(lake, "SELECT DISTINCT user_id FROM ${events} ORDER BY user_id").stream()
        .map(Row::toString)
        .toList();
  }

  private List<String> marks() throws SQLException {
    return column(
        database,
        "SELECT concat_ws(' ', status, attempt_count, encode(evidence_digest, 'hex'), failure_reason)"
            + " FROM erasure_requests ORDER BY due_at");
  }

  private String request(String organization, String user, String due) throws SQLException {
    return value(
        database,
        """
        INSERT INTO erasure_requests (organization_id, subject_user_id, due_at)
        VALUES ('%s', %s, now() + interval '%s') RETURNING id
        """
            .formatted(organization, user == null ? "NULL" : "'" + user + "'", due));
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private PostgresServer server() {
    Database own = login.database();
    return new PostgresServer(own.jdbcUrl(), own.user(), own.password());
  }

  private Pipeline pipeline() {
    return Pipeline.open(
        TestSpark.session(),
        new PipelineSettings(
            lake.path(),
            Optional.empty(),
            Duration.ofHours(24),
            Duration.ZERO,
            Duration.ofMinutes(5),
            new PublicationSettings(true, Map.of())),
        Optional.of(server()));
  }

  private void insert(int count, String organization, String user) throws SQLException {
    execute(
        database,
        """
        INSERT INTO usage_events (occurred_at, organization_id, user_id, provider, model, operation,
          status, input_tokens, cached_input_tokens, output_tokens, latency_ms, cost_nano_usd)
        SELECT date_trunc('hour', now() - interval '3 days'), '%s', '%s',
          'openai', 'small', 'chat', 'success', 1, 0, 1, 1, 1
        FROM generate_series(1, %d)
        """
            .formatted(organization, user, count));
  }
}
