package dev.tidemark.pipeline.torture;

import com.typesafe.config.Config;
import dev.tidemark.migrator.failure.UserFailure;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.pipeline.Pipeline;
import dev.tidemark.pipeline.PipelineSettings;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.maintenance.Maintenance;
import dev.tidemark.pipeline.maintenance.MaintenanceReport;
import dev.tidemark.pipeline.maintenance.MaintenanceSettings;
import dev.tidemark.pipeline.metrics.LatencyFunctions;
import dev.tidemark.pipeline.reconciliation.ReconciliationReport;
import dev.tidemark.pipeline.session.SparkSessions;
import dev.tidemark.pipeline.source.postgres.PostgresServer;
import dev.tidemark.pipeline.sql.SqlResource;
import dev.tidemark.pipeline.testing.FaultyFileSystem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.sql.SparkSession;

/**
 * A process that works for the torture: does on a lake what it reads from its input, a line a
 * command, and says how it went. The lake lies on storage that does as it is told.
 */
final class WorkerMain {
  /** What the worker's answers begin with. */
  static final String SAYS = "@";

  /** Files are small, and dates change all the time: everything is worth compacting. */
  private static final MaintenanceSettings EAGER =
      new MaintenanceSettings(
          1 << 27, 1 << 25, 2, Duration.ofHours(1), Duration.ofHours(1), Optional.empty());

  private final PrintStream answers;
  private final Config config;
  private final PostgresServer server;
  private final SparkSession spark;

  private WorkerMain(PrintStream answers, String lake, PostgresServer server) {
    this.answers = answers;
    this.server = server;
    this.config =
        Settings.parse(
            """
            lake.path = "%s"
            spark { master = "local[2]", sql.shuffle.partitions = 2 }
            # The torture's events are old
            partitions.usage-summaries-hour.retention = 100 years
            partitions.usage-summaries-day.retention = 100 years
            """
                .formatted(lake));
    this.spark = SparkSessions.open(config, "torture");
    spark.sparkContext().setLogLevel("WARN");
    FaultyFileSystem.register(spark.sparkContext().hadoopConfiguration());
  }

  /**
   * Works until its input ends.
   *
   * @param arguments path of the lake; URL, user and password of the database
   */
  public static void main(String[] arguments) throws IOException {
    PrintStream answers = System.out;
    System.setOut(System.err);
    PostgresServer server = new PostgresServer(arguments[1], arguments[2], arguments[3]);
    WorkerMain worker = new WorkerMain(answers, "faulty:" + arguments[0], server);
    worker.say("ready");
    try (BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        worker.obey(line.split(" "));
      }
    }
    // Spark's orderly end is nobody's concern.
    Runtime.getRuntime().halt(0);
  }

  private void say(String text) {
    answers.println(SAYS + text.replace('\n', ' '));
    answers.flush();
  }

  private void obey(String... words) {
    try {
      say("ok " + (words[0].equals("fault") ? arm(words) : done(words)));
    } catch (Throwable e) { // The judge wants to hear of everything.
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      System.err.println(trace);
      int exit = e instanceof UserFailure failure ? failure.exitCode().number() : 1;
      boolean ours = trace.toString().contains(FaultyFileSystem.NO_ANSWER);
      say("failed " + exit + " " + (ours ? "storage " : "other ") + e);
    }
  }

  private String arm(String... words) {
    String table = words[2];
    int number = Integer.parseInt(words[3]);
    boolean written = Boolean.parseBoolean(words[4]);
    switch (words[1]) {
      case "none" -> FaultyFileSystem.at("", 0, null);
      case "lose" -> FaultyFileSystem.failAt(table, number, written);
      case "stop" -> FaultyFileSystem.at(table, number, commit -> stop(commit, written));
      default -> throw new IllegalArgumentException(words[1]);
    }
    return "";
  }

  /** Asks to be killed, and does nothing more at this commit. */
  private boolean stop(FaultyFileSystem.Commit commit, boolean written) throws IOException {
    if (written) {
      commit.take();
    }
    say("at");
    while (true) {
      LockSupport.park();
    }
  }

  private String done(String... words) throws IOException {
    return switch (words[0]) {
      case "run" -> run();
      case "reconcile" -> told(pipeline().reconcile(Optional.empty()));
      case "repair" -> told(pipeline().repair(Optional.empty(), (table, month, done, of) -> {}));
      case "maintain" -> maintain();
      case "dump" -> dump(words[1]);
      default -> throw new IllegalArgumentException(words[0]);
    };
  }

  private Pipeline pipeline() {
    return Pipeline.open(spark, PipelineSettings.from(config), Optional.of(server));
  }

  private String run() {
    Pipeline.RunReport report = pipeline().run((table, month, done, of) -> {});
    report.rollup().requireNoDifferences();
    report.published().require();
    return "landed %d, again %d, refused %d; hours %d, rows %d and %d, published %d"
        .formatted(
            report.landing().landed(),
            report.landing().duplicates(),
            report.landing().quarantined(),
            report.rollup().windows().size(),
            report.rollup().hourly().all(),
            report.rollup().daily().all(),
            report.published().report().written() + report.published().report().deleted());
  }

  private static String told(ReconciliationReport report) {
    StringBuilder told = new StringBuilder();
    report
        .checks()
        .forEach(
            (comparison, check) ->
                told.append(comparison).append(' ').append(check.mismatches()).append(' '));
    return told.toString();
  }

  private String maintain() {
    pipeline();
    Lake lake = Lake.at(spark, PipelineSettings.from(config).lake());
    MaintenanceReport report =
        new Maintenance(lake, EAGER, "torture").run(false, (table, number, of) -> {});
    return "compacted %d, lost %d"
        .formatted(
            report.tables().stream().mapToInt(MaintenanceReport.Table::compacted).sum(),
            report.tables().stream().mapToInt(MaintenanceReport.Table::lost).sum());
  }

  /**
   * Writes the tables where the judge reads them: as they are, without any code of the pipeline but
   * histograms.
   */
  private String dump(String folder) {
    LatencyFunctions.register(spark);
    String lake = PipelineSettings.from(config).lake();
    for (String table :
        new String[] {"usage_events", "usage_hourly", "usage_daily", "quarantined_events"}) {
      spark
          .sql(
              SqlResource.of(WorkerMain.class, "dump-" + table.replace('_', '-') + ".sql")
                  .text()
                  .replace("${table}", "delta.`" + lake + "/" + table + "`"))
          .coalesce(1)
          .write()
          .parquet(folder + "/" + table);
    }
    return "";
  }
}
