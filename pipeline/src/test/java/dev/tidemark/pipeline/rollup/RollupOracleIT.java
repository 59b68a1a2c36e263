package dev.tidemark.pipeline.rollup;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.landing.Landing;
import dev.tidemark.pipeline.testing.EventGenerator;
import dev.tidemark.pipeline.testing.ListSource;
import dev.tidemark.pipeline.testing.Oracle;
import dev.tidemark.pipeline.testing.TestLake;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random events, lateness, re-deliveries and batchings: every row of both rollups against DuckDB.
 */
class RollupOracleIT {
  /** Shortly before the end of a month, so that late events fall into two months. */
  private static final Instant START = Instant.parse("2026-02-28T20:00:00Z");

  @TempDir Path folder;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void bothRollupsEqualTheOracle(long seed) {
    Lake lake = TestLake.create(folder);
    EventGenerator generator = new EventGenerator(seed, START, 10);
    RandomGenerator random = generator.random();
    ListSource source = new ListSource("list");
    try (Oracle oracle = new Oracle()) {
      List<Row> delivered = new ArrayList<>();
      int batches = random.nextInt(2, 5);
      for (int batch = 0; batch < batches; batch++) {
        List<Row> rows = new ArrayList<>(generator.events(batch == 0 ? 400 : random.nextInt(60)));
        delivered.addAll(rows);
        int redeliveries = random.nextInt(40);
        for (int i = 0; i < redeliveries && !delivered.isEmpty(); i++) {
          Row again = delivered.get(random.nextInt(delivered.size()));
          rows.add(EventGenerator.redelivered(again, random.nextLong(1, 5)));
        }
        oracle.deliver(rows);
        new Landing(lake, Duration.ofDays(3650), "seed " + seed).land(source.deliver(rows));
        if (batch == batches - 1 || random.nextBoolean()) {
          new Rollup(lake, "seed " + seed, (table, partition, done, of) -> {}).run();
        }
      }
      oracle.assertEqualTo(lake);
    }
  }
}
