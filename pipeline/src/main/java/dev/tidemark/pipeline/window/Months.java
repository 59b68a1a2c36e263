package dev.tidemark.pipeline.window;

import java.time.LocalDate;
import java.time.YearMonth;

/** Months of UTC, each named by its first day. */
public final class Months {
  private Months() {}

  /** The month that holds a day. */
  public static YearMonth of(int epochDay) {
    return YearMonth.from(LocalDate.ofEpochDay(epochDay));
  }

  /** The first day of the month that holds a day; both as days since 1970-01-01. */
  public static int startOf(int epochDay) {
    return epochDay - LocalDate.ofEpochDay(epochDay).getDayOfMonth() + 1;
  }
}
