package dev.tidemark.pipeline.source.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.pipeline.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/**
 * The file source with the example in {@code conf} on a real usage trace: the Azure Public
 * Dataset's "Azure LLM inference trace 2023", CC-BY 4.0, published with Patel et al., "Splitwise:
 * Efficient generative LLM inference using phase splitting", ISCA 2024.
 */
class TraceIT {
  private record Usage(long requests, long inputTokens, long outputTokens) {
    Usage plus(Usage other) {
      return new Usage(
          requests + other.requests,
          inputTokens + other.inputTokens,
          outputTokens + other.outputTokens);
    }
  }

  @Test
  void everyRequestOfTheTraceIsAnEventOfItsHour() throws IOException {
    String trace = System.getProperty("tidemark.test.trace", "");
    assumeThat(trace)
        .as("-Dtidemark.test.trace names the trace's file; it is not part of the repository")
        .isNotEmpty();
    SparkSession spark = TestSpark.session();
    FileSourceSettings example =
        FileSourceSettings.from(
            Settings.load(Optional.of(Path.of("..", "conf", "azure-llm-trace.conf"))));
    FileSourceSettings settings =
        new FileSourceSettings(
            example.format(), trace, example.options(), example.columns(), example.timeZone());

    Dataset<Row> events =
        FileSource.read(
            spark, settings, FileSource.discover(spark, settings, List.of()).newFiles());

    Map<String, Usage> read = new TreeMap<>();
    events
        .where("read_failure is null and event_id is not null and model = 'code'")
        .groupBy(events.col("occurred_at").cast("string").substr(0, 13))
        .agg(Map.of("event_id", "count", "input_tokens", "sum", "output_tokens", "sum"))
        .collectAsList()
        .forEach(
            row ->
                read.put(
                    row.getString(0),
                    new Usage(
                        row.getAs("count(event_id)"),
                        row.getAs("sum(input_tokens)"),
                        row.getAs("sum(output_tokens)"))));
    assertThat(read).isEqualTo(usageByHour(Path.of(trace)));
    assertThat(events.select("event_id").distinct().count())
        .isEqualTo(read.values().stream().mapToLong(Usage::requests).sum());
  }

  private static Map<String, Usage> usageByHour(Path trace) throws IOException {
    Map<String, Usage> usage = new TreeMap<>();
    List<String> lines = Files.readAllLines(trace);
    for (String line : lines.subList(1, lines.size())) {
      String[] fields = line.split(",");
      usage.merge(
          fields[0].substring(0, "2023-11-16 18".length()),
          new Usage(1, Long.parseLong(fields[1]), Long.parseLong(fields[2])),
          Usage::plus);
    }
    assertThat(usage).isNotEmpty();
    return usage;
  }
}
