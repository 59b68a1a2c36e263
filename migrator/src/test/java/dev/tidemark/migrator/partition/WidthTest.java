package dev.tidemark.migrator.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WidthTest {
  @ParameterizedTest
  @CsvSource({
    "WEEK, 2026-11-21T06:43:00Z, 2026-11-16T00:00:00Z, 2026-11-23T00:00:00Z, 20261116",
    "WEEK, 2026-11-16T00:00:00Z, 2026-11-16T00:00:00Z, 2026-11-23T00:00:00Z, 20261116",
    "WEEK, 2026-11-15T23:59:59.999999Z, 2026-11-09T00:00:00Z, 2026-11-16T00:00:00Z, 20261109",
    "WEEK, 2026-01-01T00:00:00Z, 2025-12-29T00:00:00Z, 2026-01-05T00:00:00Z, 20251229",
    "MONTH, 2026-11-21T06:43:00Z, 2026-11-01T00:00:00Z, 2026-12-01T00:00:00Z, 202611",
    "MONTH, 2024-02-29T23:00:00Z, 2024-02-01T00:00:00Z, 2024-03-01T00:00:00Z, 202402",
    "MONTH, 2025-12-31T23:59:59.999999Z, 2025-12-01T00:00:00Z, 2026-01-01T00:00:00Z, 202512"
  })
  void aPeriodIsOfTheCalendarInUtc(
      Width width, Instant instant, Instant start, Instant end, String suffix) {
    assertThat(width.start(instant)).isEqualTo(start);
    assertThat(width.end(start)).isEqualTo(end);
    assertThat(width.suffix(start)).isEqualTo(suffix);
  }
}
