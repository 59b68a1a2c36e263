package dev.tidemark.benchmarks.late;

import static org.apache.spark.sql.functions.expr;

import dev.tidemark.benchmarks.contest.Contest;
import dev.tidemark.benchmarks.contest.ContestReport;
import dev.tidemark.benchmarks.contest.Contestant;
import dev.tidemark.benchmarks.contest.Goal;
import dev.tidemark.benchmarks.contest.Ratio;
import dev.tidemark.benchmarks.contest.ResultDiffers;
import dev.tidemark.benchmarks.contest.Turn;
import dev.tidemark.benchmarks.generator.EventFiles;
import dev.tidemark.benchmarks.generator.EventSequence;
import dev.tidemark.benchmarks.generator.Span;
import dev.tidemark.benchmarks.lakes.BenchSpark;
import dev.tidemark.benchmarks.lakes.LandedLake;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.pipeline.Pipeline;
import dev.tidemark.pipeline.PipelineSettings;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.rollup.Rollup;
import dev.tidemark.pipeline.rollup.RollupReport;
import dev.tidemark.pipeline.source.RawEvents;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * 24 late hours over 3 days, landed and rolled up, in tables of 30 and of 300 days in turn; and 30
 * days rolled up anew. Each run works on a copy of a lake that Delta has not seen before, as the
 * next process would.
 */
final class LateBenchmark {
  private static final int SHORT = 30;
  private static final int LONG = 300;
  private static final double MOST_TIMES_SHORT = 1.15;
  private static final double MOST_OF_REBUILDING = 0.1;
  private static final List<String> DAYS = List.of("2025-01-08", "2025-01-15", "2025-01-22");
  private static final int HOURS = 24;

  /** So many that each hour has some. */
  private static final long A_FEW_OF_DAY = 960;

  private static final String EVERY_THIRD_HOUR = "hour(occurred_at) % 3 = 1";
  private static final Rollup.Listener NOBODY = (table, partition, done, of) -> {};

  private final SparkSession spark;
  private final Path folder;
  private final long eventsOfDay;
  private final int runs;
  private final Consumer<String> progress;
  private int copies;
  private final Map<String, Object> touched = new LinkedHashMap<>();
  private boolean onlyThoseDays = true;

  LateBenchmark(
      SparkSession spark, Path folder, long eventsOfDay, int runs, Consumer<String> progress) {
    this.spark = spark;
    this.folder = folder;
    this.eventsOfDay = eventsOfDay;
    this.runs = runs;
    this.progress = progress;
  }

  ContestReport run() throws Exception {
    ContestReport report = new ContestReport("late");
    Lake shortLanded = landed(SHORT);
    Lake shortLake = rolledUp(SHORT, shortLanded);
    Lake longLake = rolledUp(LONG, landed(LONG));
    EventFiles.delete(copy(""));
    Contest contest = new Contest(2, runs, progress);
    Contestant late30 = contest.enter("late_in_30_days", new Late(shortLake, SHORT));
    Contestant late300 = contest.enter("late_in_300_days", new Late(longLake, LONG));
    Contestant rebuild = contest.enter("rebuild_30_days", new Rebuild(shortLanded));
    contest.run();
    return report
        .contestants(late30, late300, rebuild)
        .atMost(MOST_TIMES_SHORT, Ratio.ofWall("late_300_to_30_days", late300, late30))
        .atMost(MOST_OF_REBUILDING, Ratio.ofWall("late_to_rebuilding", late30, rebuild))
        .goal(
            new Goal(
                "files touched: those of the days alone",
                onlyThoseDays ? "yes" : "others too",
                "yes",
                onlyThoseDays))
        .with("events_of_a_day", eventsOfDay)
        .with("files_touched", touched);
  }

  private Lake landed(int days) throws Exception {
    String name = "%d-days-%d".formatted(days, eventsOfDay);
    EventSequence sequence = new EventSequence(days * eventsOfDay, new Span(days), 1);
    EventFiles files = new EventFiles(sequence, BenchSpark.THREADS, progress);
    progress.accept("landing " + name);
    return LandedLake.of(spark, folder.resolve("landed-" + name), files.all(folder, name));
  }

  private Lake rolledUp(int days, Lake landed) throws IOException {
    Path rolledUp = folder.resolve("rolled-up-%d-days-%d".formatted(days, eventsOfDay));
    Path complete = rolledUp.resolveSibling(rolledUp.getFileName() + "_complete");
    if (Files.exists(complete)) {
      return Lake.at(spark, rolledUp.toString());
    }
    EventFiles.delete(rolledUp);
    progress.accept("rolling up %d days".formatted(days));
    Lake lake = LandedLake.linked(landed, rolledUp);
    new Rollup(lake, "bench", NOBODY).run();
    Files.createFile(complete);
    return lake;
  }

  private Path copy(String name) {
    return folder.resolve("copies").resolve(name);
  }

  /** Late events arrive as a file. */
  private final class Late implements Turn<Pipeline.RunReport> {
    private final Lake original;
    private final int days;
    private Path own;
    private Pipeline pipeline;
    private Lake lake;
    private long delivered;
    private long eventsBefore;
    private long hourlyBefore;
    private long dailyBefore;

    Late(Lake original, int days) {
      this.original = original;
      this.days = days;
    }

    @Override
    public void prepare() throws Exception {
      own = copy("run-" + copies++);
      Path files = own.resolve("in");
      Files.createDirectories(own);
      deliver(files);
      LandedLake.linked(original, own.resolve("lake"));
      pipeline =
          Pipeline.open(
              spark,
              PipelineSettings.from(
                  Settings.parse(
                      "lake.path = \"%s\", source { type = files, format = parquet, path = \"%s\", columns { %s } }"
                          .formatted(
                              own.resolve("lake"),
                              files,
                              Stream.of(RawEvents.EVENT.fieldNames())
                                  .map(column -> column + " = " + column)
                                  .collect(Collectors.joining(", "))))),
              Optional.empty());
      lake = pipeline.lake();
      eventsBefore = lake.usageEvents().version();
      hourlyBefore = lake.usageHourly().version();
      dailyBefore = lake.usageDaily().version();
    }

    /** A twentieth of what is there, once more, as other events; of little, all. */
    private void deliver(Path files) {
      Dataset<Row> late =
          original
              .usageEvents()
              .read()
              .where("event_date IN (%s)".formatted(quoted()))
              .where(EVERY_THIRD_HOUR)
              .where(
                  "event_id_low %% %d = 0"
                      .formatted(Math.max(1, Math.min(20, eventsOfDay / A_FEW_OF_DAY))))
              .withColumn("event_id", expr("uuid()"))
              .selectExpr(RawEvents.EVENT.fieldNames())
              .coalesce(1);
      late.write().mode(SaveMode.ErrorIfExists).parquet(files.toString());
      delivered = spark.read().parquet(files.toString()).count();
    }

    @Override
    public Pipeline.RunReport work() {
      return pipeline.run(NOBODY);
    }

    @Override
    public void check(Pipeline.RunReport done) throws IOException {
      ResultDiffers.unless("the landing", delivered, done.landing().landed());
      ResultDiffers.unless("the windows", HOURS, done.rollup().windows().size());
      String where = "event_date IN (%s)".formatted(quoted());
      long expected = lake.usageEvents().read().where(where).count();
      ResultDiffers.unless("the hours", expected, requests(lake, "usage_hourly", quoted()));
      ResultDiffers.unless("the days", expected, requests(lake, "usage_daily", quoted()));
      look("usage_events", eventsBefore, Set.copyOf(DAYS));
      look("usage_hourly", hourlyBefore, Set.copyOf(DAYS));
      look("usage_daily", dailyBefore, Set.of("2025-01-01"));
    }

    private void look(String table, long before, Set<String> allowed) throws IOException {
      SortedMap<String, Integer> found =
          TouchedFiles.byPartition(Path.of(URI.create(lake.path())).resolve(table), before);
      onlyThoseDays &= allowed.containsAll(new TreeSet<>(found.keySet()));
      touched.put("%s_of_%d_days".formatted(table, days), found);
    }

    @Override
    public void clean() throws IOException {
      EventFiles.delete(own);
    }
  }

  private static String quoted() {
    return DAYS.stream().map(day -> "DATE'" + day + "'").collect(Collectors.joining(", "));
  }

  private static long requests(Lake lake, String table, String dates) {
    return lake.table(table)
        .read()
        .where("usage_date IN (%s)".formatted(dates))
        .selectExpr("sum(request_count)")
        .first()
        .getLong(0);
  }

  /** All hours and days of the landed events, into empty tables. */
  private final class Rebuild implements Turn<RollupReport> {
    private final Lake landed;
    private Path own;
    private Lake lake;

    Rebuild(Lake landed) {
      this.landed = landed;
    }

    @Override
    public void prepare() throws IOException {
      own = copy("run-" + copies++);
      lake = LandedLake.linked(landed, own);
    }

    @Override
    public RollupReport work() {
      return new Rollup(lake, "rebuild", NOBODY).run();
    }

    @Override
    public void check(RollupReport done) {
      List<Long> requests = new ArrayList<>();
      for (String table : List.of("usage_hourly", "usage_daily")) {
        requests.add(lake.table(table).read().selectExpr("sum(request_count)").first().getLong(0));
      }
      long expected = lake.usageEvents().read().count();
      ResultDiffers.unless("rebuilding", List.of(expected, expected), requests);
    }

    @Override
    public void clean() throws IOException {
      EventFiles.delete(own);
    }
  }
}
