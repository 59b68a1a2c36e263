package dev.tidemark.jobs.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.migrator.console.Json;
import dev.tidemark.pipeline.erasure.AnsweredRequest;
import dev.tidemark.pipeline.erasure.ErasureReport;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RequestsResultTest {
  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
  private static final UUID ONE = new UUID(0, 1);
  private static final UUID TWO = new UUID(0, 2);
  private static final ErasureReport REPORT =
      new ErasureReport("run", NOW, 1_234, 5, 6, Optional.empty());

  private final RequestsResult result =
      new RequestsResult(
          List.of(
              new AnsweredRequest(
                  ONE,
                  NOW,
                  1,
                  Optional.of(REPORT),
                  Optional.of("00ff"),
                  Optional.of(NOW),
                  Optional.empty()),
              new AnsweredRequest(
                  TWO,
                  NOW,
                  3,
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.of("TM-PIP-004: x"))));

  @Test
  void theEvidenceStandsInTheResultByteByByte() {
    assertThat(Json.write(result.json()))
        .contains(
            "\"evidence_sha256\":\"00ff\",\"report\":"
                + RequestsResult.evidence(REPORT, ONE.toString())
                + "}")
        .contains("\"status\":\"failed\",\"attempt\":3,")
        .contains("\"failure_reason\":\"TM-PIP-004: x\"");
  }

  @Test
  void peopleAreToldWhatBecameOfEach() {
    assertThat(result.text().lines())
        .startsWith(
            "1 of 2 requests for erasure are completed.",
            "  " + ONE + ": 1,234 events, 5 rows of frozen hours, 6 refused events",
            "  " + TWO + ": failed, attempt 3");
    assertThat(new RequestsResult(List.of()).text()).isEqualTo("No request for erasure is open.");
  }
}
