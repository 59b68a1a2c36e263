package dev.tidemark.pipeline.rollup;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.UtcColumns;
import dev.tidemark.pipeline.landing.Landing;
import dev.tidemark.pipeline.testing.EventGenerator;
import dev.tidemark.pipeline.testing.ListSource;
import dev.tidemark.pipeline.testing.TestLake;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups are the same however events are read and divided into tasks. */
class GroupingIT {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  @TempDir Path folder;
  private Lake lake;
  private Dataset<Row> events;

  @BeforeEach
  void land() {
    lake = TestLake.create(folder.resolve("lake"));
    ListSource source = new ListSource("list");
    EventGenerator generator = new EventGenerator(1, START, 100);
    for (int landing = 0; landing < 2; landing++) {
      new Landing(lake, Duration.ofDays(3650), "run").land(source.deliver(generator.events(500)));
    }
    events = lake.usageEvents().read();
  }

  @Test
  void allWaysOfReadingGiveTheSameGroups() {
    SortedSet<Instant> hours = RollupStages.allHours(lake);
    Dataset<Row> rows = events.withColumn("latency_ms", expr("abs(latency_ms)"));

    assertThat(ColumnScan.of(rows.select("latency_ms", "occurred_at"), "occurred_at")).isEmpty();
    assertThat(dates(events)).isGreaterThan(4);
    List<String> byRow = sorted(Grouping.hoursOf(rows, hours));
    assertThat(byRow).hasSizeGreaterThan(400);
    assertThat(sorted(Grouping.hoursOf(events, hours, Long.MAX_VALUE, Long.MAX_VALUE)))
        .isEqualTo(byRow);
    assertThat(sorted(Grouping.hoursOf(events, hours, 1, 1))).isEqualTo(byRow);
  }

  @Test
  void datesThatATaskReadsWholeAreNotShuffled() {
    SortedSet<Instant> hours = RollupStages.allHours(lake);

    assertThat(Grouping.hoursOf(events, hours, Long.MAX_VALUE, 0).rdd().getNumPartitions())
        .isEqualTo(dates(events));
  }

  @Test
  void hoursThatAreNotWantedAreLeftOut() {
    SortedSet<Instant> all = RollupStages.allHours(lake);
    SortedSet<Instant> some = new TreeSet<>();
    all.stream().filter(hour -> hour.getEpochSecond() % 10_800 == 0).forEach(some::add);

    Dataset<Row> groups = Grouping.hoursOf(events, some, Long.MAX_VALUE, Long.MAX_VALUE);

    assertThat(sorted(groups))
        .isNotEmpty()
        .isEqualTo(
            sorted(
                Grouping.hoursOf(events, all)
                    .where(expr("unix_seconds(window_start) % 10800 = 0"))));
  }

  @Test
  void deliveriesOfAnEventCountOnce() {
    Path deliveries = folder.resolve("deliveries");
    events
        .union(events.where("input_tokens % 3 = 0"))
        .union(events.where("input_tokens % 5 = 0"))
        .drop("event_date")
        .withColumn("date", UtcColumns.date(col("occurred_at")))
        .repartition(3)
        .write()
        .partitionBy("date")
        .parquet(deliveries.toString());
    byte[] key = HexFormat.of().parseHex(lake.usageEvents().property("tidemark.identity-key"));

    Dataset<Row> groups =
        Grouping.hoursOfDeliveries(lake.spark().read().parquet(deliveries.toString()), key)
            .orElseThrow();

    assertThat(sorted(groups))
        .isEqualTo(sorted(Grouping.hoursOf(events, RollupStages.allHours(lake))));
  }

  private static int dates(Dataset<Row> events) {
    return (int) events.select("event_date").distinct().count();
  }

  private static List<String> sorted(Dataset<Row> groups) {
    return groups
        .withColumn("latency_histogram", expr("hex(latency_histogram)"))
        .collectAsList()
        .stream()
        .map(Row::toString)
        .sorted()
        .toList();
  }
}
