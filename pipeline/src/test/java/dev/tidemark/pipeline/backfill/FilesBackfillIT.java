package dev.tidemark.pipeline.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.migrator.failure.UserFailure;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.pipeline.Pipeline;
import dev.tidemark.pipeline.PipelineSettings;
import dev.tidemark.pipeline.backfill.BackfillRequest.Order;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.rollup.Rollup;
import dev.tidemark.pipeline.testing.TestLake;
import dev.tidemark.pipeline.testing.TestSpark;
import dev.tidemark.pipeline.window.TimeRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbered events of the days from 26 February to 1 March 2026; what is expected is added up. */
class FilesBackfillIT {
  private static final Rollup.Listener NOBODY = (table, partition, done, of) -> {};
  private static final Instant FIRST = Instant.parse("2026-02-26T00:00:00Z");
  private static final int PER_DAY = 60;
  private static final int DAYS = 4;
  private static final int LATER = 5_000;

  @TempDir Path folder;
  private Lake lake;
  private Path input;

  @BeforeEach
  void open() throws IOException {
    lake = TestLake.create(folder.resolve("lake"));
    input = Files.createDirectory(folder.resolve("in"));
  }

  @Test
  void whatALakeHasLostComesBackFromFilesThatLieWhereTheyLay() throws Exception {
    BackfillRequest request = request("2026-02-27", "2026-03-01");
    deliver("first.csv", 0, PER_DAY * DAYS / 2);
    deliver("second.csv", PER_DAY * DAYS / 2, PER_DAY * DAYS);
    assertFails("TM-PIP-095", request);

    pipeline().run(NOBODY);
    TestLake.rows(
        lake,
        "DELETE FROM ${events} WHERE event_date < DATE'2026-02-28'"
            + " OR (event_date = DATE'2026-02-28' AND input_tokens % 2 = 0)");
    lake.usageHourly().mark("hourly:" + lake.usageEvents().id(), lake.usageEvents().version());
    TestLake.rows(
        lake,
        "UPDATE ${hourly} SET input_tokens = 7"
            + " WHERE hour_start = TIMESTAMP'2026-02-28 05:00:00Z'");
    // Waits for the next rollup: a backfill takes no more than was landed.
    deliver("third.csv", PER_DAY, PER_DAY + 1, LATER);

    BackfillReport report = pipeline().backfill(request, settings(1), event -> {});
    assertThat(report.days()).isEqualTo(2);
    assertThat(report.result().read()).as("each file once").isEqualTo(2 * PER_DAY);
    assertThat(report.result().landed()).isEqualTo(PER_DAY + PER_DAY / 2);
    assertThat(report.result().duplicates()).isEqualTo(PER_DAY / 2);
    assertThat(chunks()).containsExactly("2026-02-28 2026-03-01", "2026-02-27 2026-02-28");
    assertThat(landed()).as("the 26th is outside").isEqualTo(expected(PER_DAY));
    assertThat(hourly()).as("and has not noticed").isEqualTo(expected(0));

    BackfillReport again = pipeline().backfill(request, settings(31), event -> {});
    assertThat(again.days()).as("a finished one begins anew").isEqualTo(2);
    assertThat(again.result().read()).isEqualTo(2 * PER_DAY);
    assertThat(again.result().landed()).isZero();
    assertThat(again.result().rowsChanged()).isZero();

    Files.delete(input.resolve("first.csv"));
    assertFails("TM-PIP-091", request("2026-02-26", "2026-02-27"));
  }

  private void assertFails(String code, BackfillRequest request) {
    assertThatThrownBy(() -> pipeline().backfill(request, settings(1), event -> {}))
        .isInstanceOfSatisfying(
            UserFailure.class, e -> assertThat(e.code()).as(e.toString()).isEqualTo(code));
  }

  private final Map<Integer, Instant> delivered = new TreeMap<>();

  private void deliver(String file, int from, int to) throws IOException {
    deliver(file, from, to, 0);
  }

  /** Events at the times of some numbers, which have these and something as tokens. */
  private void deliver(String file, int from, int to, int more) throws IOException {
    List<String> lines = new ArrayList<>(List.of("id,t,n"));
    for (int number = from; number < to; number++) {
      Instant at = FIRST.plusSeconds(number * 86_400L / PER_DAY);
      delivered.put(number + more, at);
      lines.add("e%d,%s,%d".formatted(number + more, at, number + more));
    }
    Files.write(input.resolve(file), lines);
  }

  /** Hours with the number of their events and tokens, of those taken with numbers from one on. */
  private List<String> expected(int from) {
    Map<Instant, long[]> hours = new TreeMap<>();
    delivered.forEach(
        (number, at) -> {
          if (number >= from && number < LATER) {
            long[] sums = hours.computeIfAbsent(at.truncatedTo(ChronoUnit.HOURS), h -> new long[2]);
            sums[0]++;
            sums[1] += number;
          }
        });
    return hours.entrySet().stream()
        .map(
            hour ->
                "%d %d %d"
                    .formatted(
                        hour.getKey().getEpochSecond(), hour.getValue()[0], hour.getValue()[1]))
        .toList();
  }

  private static BackfillRequest request(String from, String to) {
    return new BackfillRequest(
        TimeRange.parse(from, to), Order.NEWEST_FIRST, Optional.empty(), Optional.empty());
  }

  private static BackfillSettings settings(int daysOfChunk) {
    return BackfillSettings.from(Settings.parse("backfill.days-of-files = " + daysOfChunk));
  }

  private Pipeline pipeline() {
    return Pipeline.open(
        TestSpark.session(),
        PipelineSettings.from(
            Settings.parse(
                """
                lake.path = "%s"
                source {
                  type = files, format = csv, path = "%s", options { header = true }
                  columns { event_id = id, occurred_at = "to_timestamp(t)", input_tokens = n }
                }
                """
                    .formatted(lake.path(), input))),
        Optional.empty());
  }

  private List<String> chunks() {
    return texts(
        "SELECT concat_ws(' ', date(chunk_start), date(chunk_end)) FROM delta.`%s/backfill_chunks`"
            + " ORDER BY ended_at");
  }

  private List<String> landed() {
    return texts(
        "SELECT concat_ws(' ', unix_seconds(date_trunc('hour', occurred_at)), count(*),"
            + " sum(input_tokens)) FROM delta.`%s/usage_events` GROUP BY"
            + " date_trunc('hour', occurred_at) ORDER BY date_trunc('hour', occurred_at)");
  }

  private List<String> hourly() {
    return texts(
        "SELECT concat_ws(' ', unix_seconds(hour_start), sum(request_count), sum(input_tokens))"
            + " FROM delta.`%s/usage_hourly` GROUP BY hour_start ORDER BY hour_start");
  }

  private List<String> texts(String sql) {
    List<String> texts = new ArrayList<>();
    for (Row row : TestLake.rows(lake, sql.formatted(lake.path()))) {
      texts.add(row.getString(0));
    }
    return texts;
  }
}
