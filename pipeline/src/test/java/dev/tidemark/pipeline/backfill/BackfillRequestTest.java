package dev.tidemark.pipeline.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.migrator.failure.UserFailure;
import dev.tidemark.pipeline.backfill.BackfillRequest.Order;
import dev.tidemark.pipeline.window.TimeRange;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackfillRequestTest {
  private static final Instant NOW = Instant.parse("2026-11-26T18:00:00Z");

  @Test
  void daysAreTakenWholeInUtcWhateverClocksDo() {
    // On 25 October 2026 clocks in Berlin go back: 02:30 is there twice, told apart by the offset.
    assertThat(possible("2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00"))
        .isEqualTo(TimeRange.parse("2026-10-25", "2026-10-26"));
    assertThat(possible("2026-10-25T00:00+02:00", "2026-10-26T00:00+01:00"))
        .isEqualTo(TimeRange.parse("2026-10-24", "2026-10-26"));
    assertThat(possible("2026-10-25", "2026-10-26"))
        .isEqualTo(TimeRange.parse("2026-10-25", "2026-10-26"));
  }

  @Test
  void daysOnWhichNoEventCanLieAreLeftOut() {
    assertThat(possible("1970-01-01", "2000-01-03"))
        .isEqualTo(TimeRange.parse("2000-01-01", "2000-01-03"));
    assertThat(possible("2026-11-26", "2099-01-01"))
        .isEqualTo(TimeRange.parse("2026-11-26", "2026-11-28"));
  }

  @Test
  void aRangeOfTheFutureOrOfBeforeAllEventsIsRefused() {
    assertRefused("2026-11-27", "2026-11-28");
    assertRefused("2027-01-01", "2027-02-01");
    assertRefused("1990-01-01", "1999-12-31");
  }

  private static void assertRefused(String from, String to) {
    assertThatThrownBy(() -> possible(from, to))
        .isInstanceOfSatisfying(
            UserFailure.class, e -> assertThat(e.code()).isEqualTo("TM-PIP-090"));
  }

  private static TimeRange possible(String from, String to) {
    return new BackfillRequest(
            TimeRange.parse(from, to), Order.NEWEST_FIRST, Optional.empty(), Optional.empty())
        .possible(NOW)
        .range();
  }
}
