package dev.tidemark.pipeline.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class TimeRangeTest {
  @Test
  void theEndIsNotInTheRange() {
    TimeRange range = TimeRange.parse("2026-11-21T09:30", "2026-11-21T10");

    assertThat(range.contains(Micros.parse("2026-11-21T09:30"))).isTrue();
    assertThat(range.contains(Micros.parse("2026-11-21T09:59:59.999999"))).isTrue();
    assertThat(range.contains(Micros.parse("2026-11-21T10"))).isFalse();
    assertThat(range.contains(Micros.parse("2026-11-21T09:29:59.999999"))).isFalse();
  }

  @Test
  void theHoursAndDaysOfARangeAreThoseItTouches() {
    TimeRange range = TimeRange.parse("1969-12-31T22:59:59.999999", "1970-01-01T01");

    assertThat(range.hours()).containsExactly(-2 * Hours.MICROS, -Hours.MICROS, 0L);
    assertThat(range.days()).containsExactly(-1, 0);
    assertThat(range.toWholeHours()).isEqualTo(TimeRange.parse("1969-12-31T22", "1970-01-01T01"));
    assertThat(range.toWholeDays()).isEqualTo(TimeRange.parse("1969-12-31", "1970-01-02"));
  }

  @Test
  void anHourAndADayAreRanges() {
    int day = (int) LocalDate.parse("2026-11-21").toEpochDay();

    assertThat(TimeRange.ofDay(day)).isEqualTo(TimeRange.parse("2026-11-21", "2026-11-22"));
    assertThat(TimeRange.ofDay(day).hours()).hasSize(24);
    assertThat(TimeRange.ofHour(Micros.parse("2026-11-21T09")))
        .isEqualTo(TimeRange.parse("2026-11-21T09", "2026-11-21T10"))
        .hasToString("[2026-11-21T09:00:00Z, 2026-11-21T10:00:00Z)");
  }

  @Test
  void aReversedRangeIsRefusedWithBothEnds() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TimeRange.parse("2026-11-22", "2026-11-21"))
        .withMessageContaining("from 2026-11-22T00:00:00Z to 2026-11-21T00:00:00Z")
        .withMessageContaining("swap");
  }

  @Test
  void anEmptyRangeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TimeRange.parse("2026-11-22", "2026-11-22"))
        .withMessageContaining("holds nothing");
  }

  @Test
  void aRangeOfTheFutureIsRefusedAndOneThatHasBegunIsNot() {
    TimeRange range = TimeRange.parse("2026-11-22", "2026-11-24");

    assertThat(range.begunBy(Instant.parse("2026-11-22T00:00:00Z"))).isEqualTo(range);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> range.begunBy(Instant.parse("2026-11-21T23:59:59Z")))
        .withMessageContaining("2026-11-22T00:00:00Z")
        .withMessageContaining("lies in the future");
  }

  /** In Berlin the clocks went from 2 to 3 o'clock: two hours by the wall are one. */
  @Test
  void aRangeAstrideAClockChangeHasTheHoursThatPassed() {
    assertThat(TimeRange.parse("2026-03-29T01:00+01:00", "2026-03-29T03:00+02:00").hours())
        .containsExactly(Micros.parse("2026-03-29T00:00Z"));
    assertThat(TimeRange.parse("2026-10-25T02:00+02:00", "2026-10-25T02:00+01:00").hours())
        .containsExactly(Micros.parse("2026-10-25T00:00Z"));
  }
}
