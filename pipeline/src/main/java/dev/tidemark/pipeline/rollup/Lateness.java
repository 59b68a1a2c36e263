package dev.tidemark.pipeline.rollup;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.unix_micros;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;

/** How late events are: the time from {@code occurred_at} to {@code received_at}, in buckets. */
final class Lateness {
  /** The longest lateness of each bucket but the last, which has no end. */
  static final List<Duration> BOUNDS =
      List.of(
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(15),
          Duration.ofHours(1),
          Duration.ofHours(6),
          Duration.ofDays(1),
          Duration.ofDays(3),
          Duration.ofDays(7),
          Duration.ofDays(30));

  private Lateness() {}

  /** An aggregate over events: how many fall into each bucket; early ones into the first. */
  static Column histogram() {
    Column late = unix_micros(col("received_at")).minus(unix_micros(col("occurred_at")));
    List<Column> counts = new ArrayList<>();
    Column later = lit(true);
    for (Duration bound : BOUNDS) {
      Column within = late.leq(lit(bound.toSeconds() * 1_000_000L));
      counts.add(count_if(later.and(within)));
      later = late.gt(lit(bound.toSeconds() * 1_000_000L));
    }
    counts.add(count_if(later));
    return array(counts.toArray(Column[]::new));
  }
}
