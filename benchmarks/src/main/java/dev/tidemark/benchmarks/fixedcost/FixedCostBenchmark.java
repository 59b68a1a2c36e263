package dev.tidemark.benchmarks.fixedcost;

import static dev.tidemark.benchmarks.contest.Figures.median;
import static dev.tidemark.benchmarks.contest.Figures.shown;

import dev.tidemark.benchmarks.contest.ChildProcess;
import dev.tidemark.benchmarks.contest.Contest;
import dev.tidemark.benchmarks.contest.ContestReport;
import dev.tidemark.benchmarks.contest.Contestant;
import dev.tidemark.benchmarks.contest.Cost;
import dev.tidemark.benchmarks.contest.Goal;
import dev.tidemark.benchmarks.contest.Ratio;
import dev.tidemark.benchmarks.contest.ResultDiffers;
import dev.tidemark.benchmarks.contest.Turn;
import dev.tidemark.benchmarks.generator.EventFiles;
import dev.tidemark.benchmarks.lakes.DuckDb;
import dev.tidemark.migrator.sql.SqlResource;
import dev.tidemark.pipeline.source.RawEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * {@code tidemark job rollup} over files: with 100,000 new events of three hours, and with nothing
 * new, in turn.
 */
final class FixedCostBenchmark {
  private static final int NEW_EVENTS = 100_000;
  private static final double MOST_SECONDS = 15;
  private static final double MOST_TIMES_EMPTY = 2;

  private final String launcher;
  private final Path folder;
  private final EventFiles.Written history;
  private final int runs;
  private final Consumer<String> progress;
  private int round;

  /**
   * @param launcher the program {@code tidemark}
   * @param folder of the benchmark's own; made anew
   * @param history what is in the lake before
   */
  FixedCostBenchmark(
      String launcher,
      Path folder,
      EventFiles.Written history,
      int runs,
      Consumer<String> progress) {
    this.launcher = launcher;
    this.folder = folder;
    this.history = history;
    this.runs = runs;
    this.progress = progress;
  }

  ContestReport run() throws Exception {
    ContestReport report = new ContestReport("fixed-cost");
    EventFiles.delete(folder);
    Path input = Files.createDirectories(folder.resolve("input"));
    for (Path file : history.files()) {
      Files.createLink(input.resolve(file.getFileName()), file);
    }
    Files.writeString(folder.resolve("bench.conf"), configuration(input));
    progress.accept("rolling up what is there before");
    rollup();
    Contest contest = new Contest(1, runs, progress);
    Contestant incremental = contest.enterMeasured("incremental", incremental(input));
    Contestant empty = contest.enterMeasured("empty", this::rollup);
    contest.run();
    report
        .contestants(incremental, empty)
        .with("events_before", history.totals().events())
        .goal(
            new Goal(
                "incremental, median",
                shown(median(incremental.wallSeconds())) + " s",
                "at most %.0f s".formatted(MOST_SECONDS),
                median(incremental.wallSeconds()) <= MOST_SECONDS))
        .atMost(MOST_TIMES_EMPTY, Ratio.ofWall("incremental_to_empty", incremental, empty));
    return report;
  }

  private String configuration(Path input) {
    StringBuilder columns = new StringBuilder();
    for (String column : RawEvents.EVENT.fieldNames()) {
      columns.append(column).append(" = ").append(column).append('\n');
    }
    return "source { type = files, format = parquet, path = \"%s\", columns { %s } }"
        .formatted(input, columns);
  }

  private Turn<Cost> incremental(Path input) {
    return new Turn<>() {
      private long before;

      @Override
      public void prepare() throws Exception {
        before = requests();
        Path made = folder.resolve("new.parquet");
        try (DuckDb duckdb = duckdb()) {
          duckdb.execute(
              SqlResource.read(FixedCostBenchmark.class, "new-events.sql")
                  .replace("${day}", "2025-01-%02d".formatted(10 + round % 20))
                  .replace("${round}", String.valueOf(round))
                  .replace("${file}", history.files().get(0).toString())
                  .replace("${target}", made.toString()));
        }
        Files.move(
            made,
            input.resolve("new-%03d.parquet".formatted(round++)),
            StandardCopyOption.ATOMIC_MOVE);
      }

      @Override
      public Cost work() throws Exception {
        return rollup();
      }

      @Override
      public void check(Cost cost) throws Exception {
        ResultDiffers.unless("the incremental run", before + NEW_EVENTS, requests());
      }
    };
  }

  private Cost rollup() throws IOException, InterruptedException {
    return ChildProcess.run(
        List.of(
            launcher,
            "job",
            "rollup",
            "--config",
            folder.resolve("bench.conf").toString(),
            "--json"),
        Map.of("TIDEMARK_HOME", folder.toString()),
        folder.resolve("last.log"));
  }

  /** Requests in the rollup, by the tables' own reader. */
  private long requests() throws IOException, InterruptedException {
    Path answer = folder.resolve("requests.csv");
    ChildProcess.run(
        List.of(
            "sh",
            "-c",
            "\"$0\" sql --config \"$1\" --format csv -e 'SELECT sum(request_count) FROM usage_hourly' 2>/dev/null",
            launcher,
            folder.resolve("bench.conf").toString()),
        Map.of("TIDEMARK_HOME", folder.toString()),
        answer);
    List<String> lines = Files.readAllLines(answer);
    return Long.parseLong(lines.get(lines.size() - 1).strip());
  }

  private DuckDb duckdb() throws Exception {
    return new DuckDb(folder.resolve("duckdb-spill"));
  }
}
