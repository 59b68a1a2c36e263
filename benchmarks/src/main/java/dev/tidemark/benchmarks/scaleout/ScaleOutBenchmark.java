package dev.tidemark.benchmarks.scaleout;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tidemark.benchmarks.contest.Contest;
import dev.tidemark.benchmarks.contest.ContestReport;
import dev.tidemark.benchmarks.contest.Contestant;
import dev.tidemark.benchmarks.contest.Cost;
import dev.tidemark.benchmarks.contest.Ratio;
import dev.tidemark.benchmarks.contest.ResultDiffers;
import dev.tidemark.benchmarks.contest.Turn;
import dev.tidemark.benchmarks.generator.EventFiles;
import dev.tidemark.jobs.cluster.StandaloneCluster;
import dev.tidemark.pipeline.source.RawEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A rollup of files, by {@code spark-submit}, on standalone clusters of one and of two workers of
 * one core, each pinned to a core of its own, in turn. The driver is on neither.
 */
final class ScaleOutBenchmark {
  private static final double LEAST_TIMES = 1.8;
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final int MEMORY = 4_000;

  private final Path folder;
  private final Path module;
  private final EventFiles.Written events;
  private final int runs;
  private final Consumer<String> progress;

  /**
   * @param module the folder of the module jobs, in which it is built
   */
  ScaleOutBenchmark(
      Path folder, Path module, EventFiles.Written events, int runs, Consumer<String> progress) {
    this.folder = folder;
    this.module = module;
    this.events = events;
    this.runs = runs;
    this.progress = progress;
  }

  ContestReport run() throws Exception {
    ContestReport report = new ContestReport("scale-out");
    Contest contest = new Contest(1, runs, progress);
    Contestant one = contest.enterMeasured("one_worker", new OnCluster(1));
    Contestant two = contest.enterMeasured("two_workers", new OnCluster(2));
    contest.run();
    return report
        .contestants(one, two)
        .atLeast(LEAST_TIMES, Ratio.ofWall("speed_of_two_to_one", one, two))
        .with("events", events.totals().events());
  }

  private final class OnCluster implements Turn<Cost> {
    private final int workers;
    private Path own;
    private StandaloneCluster cluster;
    private Config result;

    OnCluster(int workers) {
      this.workers = workers;
    }

    @Override
    public void prepare() throws Exception {
      own = folder.resolve("run-" + workers);
      EventFiles.delete(own);
      Files.createDirectories(own);
      Files.writeString(
          own.resolve("my.conf"),
          """
          home = "%1$s", lake.path = "%1$s/lake", capacity.share = 1.0
          source { type = files, format = parquet, path = "%2$s", columns { %3$s } }
          """
              .formatted(
                  own,
                  events.folder(),
                  Stream.of(RawEvents.EVENT.fieldNames())
                      .map(column -> column + " = " + column)
                      .collect(Collectors.joining(", "))));
      cluster =
          StandaloneCluster.start(
              own,
              module,
              new StandaloneCluster.Shape(workers, 1, MEMORY, "-XX:+UseSerialGC", true));
    }

    /** Its own time: from the session's start to the end, without that of the JVM. */
    @Override
    public Cost work() throws Exception {
      Path output = own.resolve("rollup.json");
      Process run =
          cluster.submit(output, "rollup", "--json", "--config", own.resolve("my.conf").toString());
      if (!run.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || run.exitValue() != 0) {
        throw new IllegalStateException(cluster.said("driver"));
      }
      result = ConfigFactory.parseString(Files.readString(output));
      double seconds = result.getDouble("capacity.seconds");
      return new Cost(seconds, seconds * result.getDouble("capacity.cores_mean"), 0);
    }

    @Override
    public void check(Cost cost) {
      ResultDiffers.unless(
          "the rollup on " + workers + " workers",
          List.of(events.totals().events(), 0L, (long) workers),
          List.of(
              result.getLong("landed"),
              result.getLong("mismatches"),
              result.getLong("capacity.cores_allowed")));
    }

    @Override
    public void clean() throws IOException {
      if (cluster != null) {
        cluster.close();
      }
      EventFiles.delete(own);
    }
  }
}
