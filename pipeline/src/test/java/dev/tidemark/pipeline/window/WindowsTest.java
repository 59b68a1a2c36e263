package dev.tidemark.pipeline.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WindowsTest {
  @ParameterizedTest
  @CsvSource({
    "2026-11-21T09:59:59.999999Z, 2026-11-21T09:00:00Z, 2026-11-21",
    "2026-11-21T10:00:00Z,        2026-11-21T10:00:00Z, 2026-11-21",
    "1970-01-01T00:00:00Z,        1970-01-01T00:00:00Z, 1970-01-01",
    "1969-12-31T23:59:59.999999Z, 1969-12-31T23:00:00Z, 1969-12-31",
    "1969-12-31T23:00:00Z,        1969-12-31T23:00:00Z, 1969-12-31",
    "2024-02-29T23:30:00Z,        2024-02-29T23:00:00Z, 2024-02-29",
  })
  void anInstantLiesInItsHourAndDay(Instant instant, Instant hour, LocalDate day) {
    long micros = Micros.of(instant);

    assertThat(Micros.toInstant(Hours.startOf(micros))).isEqualTo(hour);
    assertThat(Days.of(micros)).isEqualTo((int) day.toEpochDay());
    assertThat(Micros.toInstant(Days.startOf(Days.of(micros))))
        .isEqualTo(day.atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void windowsAgreeWithTheCalendar(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    long years = 2_000L * 366 * Days.MICROS;
    for (int i = 0; i < 2_000; i++) {
      long micros = random.nextLong(-years, years);
      ZonedDateTime time = Micros.toInstant(micros).atZone(ZoneOffset.UTC);
      int day = Days.of(micros);

      assertThat(Micros.toInstant(Hours.startOf(micros)))
          .isEqualTo(time.truncatedTo(ChronoUnit.HOURS).toInstant());
      assertThat(LocalDate.ofEpochDay(day)).isEqualTo(time.toLocalDate());
      assertThat(Months.of(day)).isEqualTo(YearMonth.from(time));
      assertThat(LocalDate.ofEpochDay(Months.startOf(day)))
          .isEqualTo(time.toLocalDate().withDayOfMonth(1));
      assertThat(Micros.of(Micros.toInstant(micros))).isEqualTo(micros);
    }
  }
}
