package dev.tidemark.benchmarks.year;

import dev.tidemark.benchmarks.contest.ResultDiffers;
import dev.tidemark.benchmarks.generator.EventFiles;
import dev.tidemark.benchmarks.generator.EventSequence;
import dev.tidemark.benchmarks.generator.Totals;
import dev.tidemark.benchmarks.lakes.BenchSpark;
import dev.tidemark.benchmarks.lakes.LandedLake;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.rollup.Rollup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Events of 365 days in twelve parts; the files of a part go once it is landed. */
final class YearBenchmark {
  private static final int PARTS = 12;
  private static final double NANOS = 1e9;

  private final SparkSession spark;
  private final Path folder;
  private final EventSequence sequence;
  private final Consumer<String> progress;

  YearBenchmark(
      SparkSession spark, Path folder, EventSequence sequence, Consumer<String> progress) {
    this.spark = spark;
    this.folder = folder;
    this.sequence = sequence;
    this.progress = progress;
  }

  YearReport run() throws Exception {
    EventFiles.delete(folder);
    Lake lake = LandedLake.empty(spark, folder.resolve("lake"));
    EventFiles files = new EventFiles(sequence, BenchSpark.THREADS, progress);
    List<YearReport.Part> parts = new ArrayList<>();
    Totals totals = Totals.NOTHING;
    long mostBytes = 0;
    for (int part = 0; part < PARTS; part++) {
      Path input = folder.resolve("input-" + part);
      long begin = System.nanoTime();
      long from = sequence.deliveries() * part / PARTS;
      long to = sequence.deliveries() * (part + 1) / PARTS;
      totals = totals.plus(files.write(input, from, to));
      long generated = System.nanoTime();
      progress.accept("landing part %d of %d".formatted(part + 1, PARTS));
      LandedLake.land(lake, input);
      mostBytes = Math.max(mostBytes, bytes(folder));
      long landed = System.nanoTime();
      EventFiles.delete(input);
      progress.accept("rolling up part %d of %d".formatted(part + 1, PARTS));
      new Rollup(lake, "year", (table, month, done, of) -> {}).run();
      mostBytes = Math.max(mostBytes, bytes(folder));
      long done = System.nanoTime();
      parts.add(
          new YearReport.Part(
              to - from,
              (generated - begin) / NANOS,
              (landed - generated) / NANOS,
              (done - landed) / NANOS));
    }
    for (String table : List.of("usage_hourly", "usage_daily")) {
      Row row =
          lake.table(table)
              .read()
              .selectExpr(
                  "sum(request_count)",
                  "sum(error_count)",
                  "sum(input_tokens)",
                  "sum(cost_nano_usd)",
                  "sum(latency_ms_sum)")
              .head();
      ResultDiffers.unless(
          table,
          List.of(
              totals.events(),
              totals.errors(),
              totals.inputTokens(),
              totals.costNanoUsd(),
              totals.latencyMillis()),
          Stream.iterate(0, column -> column + 1).limit(5).map(row::getLong).toList());
    }
    return new YearReport(sequence.deliveries(), parts, mostBytes);
  }

  private static long bytes(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      long bytes = 0;
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(path);
      }
      return bytes;
    }
  }
}
