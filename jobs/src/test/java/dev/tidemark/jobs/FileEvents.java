package dev.tidemark.jobs;

import dev.tidemark.jobs.sql.TidemarkSql;
import dev.tidemark.migrator.console.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A file of events, a configuration that reads it, and what their hours must come to.
 *
 * @param config the configuration's file
 * @param expected requests and tokens, by the seconds of the hour's beginning
 */
public record FileEvents(Path config, Map<String, String> expected) {
  private static final Instant FIRST = Instant.parse("2026-01-29T00:00:00Z");
  private static final int DAYS = 6;

  /** Writes events of two months into a folder, so that either rollup has two units. */
  public static FileEvents deliver(Path folder, int count) throws IOException {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(17);
    List<String> lines = new ArrayList<>();
    Map<Instant, long[]> sums = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      Instant at = FIRST.plusSeconds(random.nextInt(DAYS * 86_400));
      int tokens = random.nextInt(1_000);
      lines.add("{\"id\":\"e%d\",\"time\":\"%s\",\"tokens\":%d}".formatted(i, at, tokens));
      long[] sum = sums.computeIfAbsent(at.truncatedTo(ChronoUnit.HOURS), hour -> new long[2]);
      sum[0]++;
      sum[1] += tokens;
    }
    Files.write(Files.createDirectory(folder.resolve("in")).resolve("events.json"), lines);
    Path config = folder.resolve("my.conf");
    Files.writeString(
        config,
        """
        home = "%1$s/home", lake.path = "%1$s/lake"
        source {
          type = files, format = json, path = "%1$s/in"
          columns { event_id = id, occurred_at = "to_timestamp(time)", input_tokens = tokens }
        }
        """
            .formatted(folder));
    return new FileEvents(
        config,
        sums.entrySet().stream()
            .collect(
                Collectors.toMap(
                    sum -> String.valueOf(sum.getKey().getEpochSecond()),
                    sum -> sum.getValue()[0] + "," + sum.getValue()[1])));
  }

  /** What the lake says, in the form of what is expected. */
  public Map<String, String> hours() {
    String sql =
        "SELECT unix_seconds(hour_start) AS hour, sum(request_count) AS n, sum(input_tokens) AS t"
            + " FROM usage_hourly GROUP BY 1";
    CommandLineRun answer = run(TidemarkSql::run, "--format", "csv", "-e", sql);
    return answer
        .out()
        .lines()
        .skip(1)
        .map(line -> line.split(",", 2))
        .collect(Collectors.toMap(columns -> columns[0], columns -> columns[1]));
  }

  /** Runs a command with the configuration, within this process. */
  public CommandLineRun run(BiFunction<Console, String[], Integer> main, String... arguments) {
    return CommandLineRun.of(
        main,
        Stream.concat(Stream.of(arguments), Stream.of("--config", config.toString()))
            .toArray(String[]::new));
  }
}
