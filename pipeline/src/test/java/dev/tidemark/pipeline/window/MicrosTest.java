package dev.tidemark.pipeline.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MicrosTest {
  @ParameterizedTest
  @CsvSource({
    "2026-11-21,                       2026-11-21T00:00:00Z",
    "2026-11-21T09,                    2026-11-21T09:00:00Z",
    "2026-11-21T09:30,                 2026-11-21T09:30:00Z",
    "2026-11-21T09:30:15,              2026-11-21T09:30:15Z",
    "2026-11-21T09:30:15.25Z,          2026-11-21T09:30:15.250Z",
    "2026-11-21T09:30:15.123456Z,      2026-11-21T09:30:15.123456Z",
    "2026-11-21T09:30+01:00,           2026-11-21T08:30:00Z",
    "2026-11-21t09Z,                   2026-11-21T09:00:00Z",
    "' 1969-12-31T23:59:59.999999Z ',  1969-12-31T23:59:59.999999Z",
  })
  void timesOfUsersAreReadAsUtcWhereTheyDoNotSayOtherwise(String text, Instant expected) {
    assertThat(Micros.toInstant(Micros.parse(text))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "2026-13-01",
        "2026-02-29",
        "2026-11-21 09:30",
        "2026-11-21T24:00",
        "2026-11-21T09:30:15.1234567Z",
        "21.11.2026",
        "1732180000",
        "+999999999-01-01T00:00Z"
      })
  void anythingElseIsRefusedWithExamples(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Micros.parse(text))
        .withMessageContaining("\"" + text + "\"")
        .withMessageContaining("2026-11-21T09:30:00Z");
  }
}
