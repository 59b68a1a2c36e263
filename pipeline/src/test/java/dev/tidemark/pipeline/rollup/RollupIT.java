package dev.tidemark.pipeline.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.landing.Landing;
import dev.tidemark.pipeline.landing.LandingReport;
import dev.tidemark.pipeline.testing.EventGenerator;
import dev.tidemark.pipeline.testing.ListSource;
import dev.tidemark.pipeline.testing.TestLake;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollupIT {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  @TempDir Path folder;

  @Test
  void lateEventsAreAddedToTheirHoursAndDays() {
    Lake lake = TestLake.create(folder);
    ListSource source = new ListSource("list");
    EventGenerator generator = new EventGenerator(1, START, 72);
    List<Row> first = generator.events(500);

    long t0 = System.nanoTime();
    LandingReport landed = land(lake, source.deliver(first));
    long t1 = System.nanoTime();
    RollupReport report = rollup(lake);
    long t2 = System.nanoTime();
    System.err.println(landed + "\n" + report + " " + (t1 - t0) / 1e9 + " " + (t2 - t1) / 1e9);
    assertThat(landed.landed()).isEqualTo(500);
    assertThat(report.dates()).isEqualTo(3);
    lake.usageHourly().read().show(3, false);
    lake.usageDaily().read().show(3, false);

    t0 = System.nanoTime();
    landed = land(lake, source.deliver(generator.events(5)).deliver(first.subList(0, 50)));
    t1 = System.nanoTime();
    report = rollup(lake);
    t2 = System.nanoTime();
    System.err.println(landed + "\n" + report + " " + (t1 - t0) / 1e9 + " " + (t2 - t1) / 1e9);
    for (int k = 0; k < 3; k++) {
      land(lake, source.deliver(generator.events(5)));
      rollup(lake);
    }
    lake.spark().sql("DESCRIBE HISTORY " + lake.usageHourly().sqlName()).show(100, 40);
    assertThat(landed.landed()).isEqualTo(5);
    assertThat(landed.duplicates()).isEqualTo(50);
  }

  private static LandingReport land(Lake lake, ListSource source) {
    return new Landing(lake, Duration.ofHours(24), "test").land(source);
  }

  private static RollupReport rollup(Lake lake) {
    return new Rollup(lake, "test", (table, partition, done, of) -> {}).run();
  }
}
