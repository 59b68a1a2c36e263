package dev.tidemark.pipeline.lake;

import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.date_from_unix_date;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.timestamp_micros;
import static org.apache.spark.sql.functions.unix_date;
import static org.apache.spark.sql.functions.unix_micros;

import dev.tidemark.pipeline.window.Days;
import dev.tidemark.pipeline.window.Hours;
import dev.tidemark.pipeline.window.TimeRange;
import java.time.LocalDate;
import org.apache.spark.sql.Column;

/**
 * UTC windows as columns, by arithmetic on microseconds since 1970: Spark's own functions of dates
 * take the session's time zone (EX-18).
 */
public final class UtcColumns {
  private UtcColumns() {}

  /** The UTC date of a timestamp. */
  public static Column date(Column timestamp) {
    return date_from_unix_date(
        call_function("div", startOf(timestamp, Days.MICROS), lit(Days.MICROS)).cast("int"));
  }

  /** The start of a timestamp's UTC hour. */
  public static Column hourStart(Column timestamp) {
    return timestamp_micros(startOf(timestamp, Hours.MICROS));
  }

  /** The first instant of a UTC date. */
  public static Column dayStart(Column date) {
    return timestamp_micros(unix_date(date).cast("bigint").multiply(lit(Days.MICROS)));
  }

  private static Column startOf(Column timestamp, long micros) {
    Column instant = unix_micros(timestamp);
    return instant.minus(pmod(instant, lit(micros)));
  }

  /** Whether a UTC date is one of the days of a range. */
  public static Column isOn(Column date, TimeRange range) {
    return date.between(
        LocalDate.ofEpochDay(Days.of(range.from())), LocalDate.ofEpochDay(Days.of(range.to() - 1)));
  }
}
