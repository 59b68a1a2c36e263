package dev.tidemark.pipeline.session;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueType;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.lake.LocalFiles;
import dev.tidemark.pipeline.lake.LocalLogStore;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens Spark sessions, which use a share of the cores; see {@code capacity} in {@code
 * reference.conf}.
 *
 * <p>Three layers, the later over the earlier: our defaults where {@code spark-submit} says
 * nothing; the section {@code spark} of the configuration; and the settings without which the
 * tables would not stay exact, which nobody can change.
 */
public final class SparkSessions {
  private static final Logger LOG = LoggerFactory.getLogger(SparkSessions.class);
  private static final String EXTENSIONS = "spark.sql.extensions";
  private static final String DELTA_EXTENSION = "io.delta.sql.DeltaSparkSessionExtension";

  private static final String NO_DICTIONARY = "spark.hadoop.parquet.enable.dictionary#";

  /** Spark's and Delta's own defaults suit a cluster and cost a small run most of its time. */
  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("spark.ui.enabled", "false"),
          Map.entry("spark.ui.showConsoleProgress", "false"),
          // Sessions with class loaders of their own look for each class twice; we add no classes
          Map.entry("spark.sql.artifact.isolation.enabled", "false"),
          // A run of a few units generates several hundred classes; of 100 most are made twice
          Map.entry("spark.sql.codegen.cache.maxEntries", "1000"),
          Map.entry("spark.sql.ansi.enabled", "true"),
          Map.entry("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS"),
          Map.entry("spark.databricks.delta.snapshotPartitions", "2"),
          // One for each month of a rollup; beyond it the log's state is put together instead
          Map.entry("spark.databricks.delta.setTransactionsInCrc.maxAllowed", "10000"),
          Map.entry("spark.sql.sources.parallelPartitionDiscovery.parallelism", "2"),
          // A task that writes a date or two need not sort its rows by date
          Map.entry("spark.sql.maxConcurrentOutputFileWriters", "2"),
          // What is kept for one unit is read twice; packing it takes longer than that
          Map.entry("spark.sql.inMemoryColumnarStorage.compressed", "false"),
          // Values that hardly recur: a dictionary of them is made and thrown away
          Map.entry(NO_DICTIONARY + "event_id", "false"),
          Map.entry(NO_DICTIONARY + "event_id_high", "false"),
          Map.entry(NO_DICTIONARY + "event_id_low", "false"),
          Map.entry(NO_DICTIONARY + "occurred_at", "false"),
          Map.entry(NO_DICTIONARY + "received_at", "false"),
          Map.entry(NO_DICTIONARY + "latency_histogram", "false"),
          Map.entry(NO_DICTIONARY + "latency_ms_sum", "false"),
          Map.entry(NO_DICTIONARY + "cost_nano_usd", "false"),
          Map.entry(NO_DICTIONARY + "first_event_at", "false"),
          Map.entry(NO_DICTIONARY + "last_event_at", "false"));

  /**
   * Windows are UTC (EX-18); a file that cannot be read is an error, never an empty one (EX-20);
   * two processes that commit to a folder of this machine do not take each other's place.
   */
  private static final Map<String, String> FORCED =
      Map.of(
          "spark.sql.session.timeZone",
          "UTC",
          "spark.sql.files.ignoreMissingFiles",
          "false",
          "spark.sql.files.ignoreCorruptFiles",
          "false",
          "spark.files.ignoreMissingFiles",
          "false",
          "spark.files.ignoreCorruptFiles",
          "false",
          LocalLogStore.SPARK_SETTING,
          LocalLogStore.class.getName(),
          "spark.sql.catalog.spark_catalog",
          "org.apache.spark.sql.delta.catalog.DeltaCatalog");

  private SparkSessions() {}

  /**
   * Gets the running session or starts one; without a master from {@code spark-submit} or the
   * configuration it runs in this process.
   *
   * @param config the loaded configuration; see {@code spark} in {@code reference.conf}
   * @param name of the application, as Spark shows it
   * @throws dev.tidemark.pipeline.failure.PipelineException if the configuration changes a setting
   *     that must not be changed, or Spark cannot be started with it
   */
  public static SparkSession open(Config config, String name) {
    SparkConf settings = settings(config, new SparkConf());
    limit(config, settings);
    try {
      SparkSession spark = SparkSession.builder().appName(name).config(settings).getOrCreate();
      // Spark gives out a session even where no master has answered.
      if (spark.sparkContext().isStopped()) {
        throw new IllegalStateException("no master has answered; Spark's own messages stand above");
      }
      return spark;
    } catch (Exception e) { // Scala throws what it does not declare.
      throw PipelineFailures.sparkNotStarted(settings.get("spark.master"), e);
    }
  }

  private static void limit(Config config, SparkConf settings) {
    int cores = Runtime.getRuntime().availableProcessors();
    Capacity.from(config).limit(settings, cores, StandaloneMaster::cores);
    if (!settings.contains(Capacity.ALLOWED)) {
      LOG.warn(
          "How many cores {} has is not known, and so the run is not kept to its share of them;"
              + " capacity.cores says it",
          settings.get("spark.master"));
    }
  }

  /** The settings of the session, given those that {@code spark-submit} has made. */
  static SparkConf settings(Config config, SparkConf submitted) {
    SparkConf settings = submitted.clone();
    configured(config).forEach(settings::set);
    settings.setIfMissing("spark.master", "local[*]");
    if (settings.get("spark.master").startsWith("local")) {
      localDefaults(config).forEach(settings::setIfMissing);
      LocalFiles.SPARK_SETTINGS.forEach(settings::setIfMissing);
    }
    DEFAULTS.forEach(settings::setIfMissing);
    FORCED.forEach(settings::set);
    settings.set(
        EXTENSIONS,
        Stream.concat(
                Stream.of(DELTA_EXTENSION),
                Arrays.stream(settings.get(EXTENSIONS, "").split(",")).filter(e -> !e.isBlank()))
            .distinct()
            .collect(Collectors.joining(",")));
    return settings;
  }

  private static Map<String, String> localDefaults(Config config) {
    int cores = Runtime.getRuntime().availableProcessors();
    return Map.of(
        "spark.databricks.delta.snapshotPartitions",
        "1",
        "spark.driver.host",
        "127.0.0.1",
        "spark.driver.bindAddress",
        "127.0.0.1",
        "spark.sql.shuffle.partitions",
        String.valueOf(Math.max(4, 2 * cores)),
        "spark.sql.warehouse.dir",
        Settings.text(config, "home") + "/warehouse");
  }

  /**
   * {@code spark { sql.shuffle.partitions = 8 }} is Spark's {@code spark.sql.shuffle.partitions}.
   */
  private static Map<String, String> configured(Config config) {
    Map<String, String> configured = new TreeMap<>();
    config
        .getConfig("spark")
        .entrySet()
        .forEach(
            entry -> {
              String name = "spark." + String.join(".", ConfigUtil.splitPath(entry.getKey()));
              if (entry.getValue().valueType() == ConfigValueType.LIST) {
                throw PipelineFailures.badSparkSetting(
                    name,
                    entry.getValue().origin().description() + " gives a list",
                    "give one text; Spark's lists are texts with commas");
              }
              String value = String.valueOf(entry.getValue().unwrapped());
              String forced = FORCED.get(name);
              if (forced != null && !forced.equalsIgnoreCase(value)) {
                throw PipelineFailures.badSparkSetting(
                    name,
                    entry.getValue().origin().description()
                        + " sets it to "
                        + value
                        + ", with which the tables would not stay exact",
                    "leave it out: Tidemark sets it to " + forced);
              }
              configured.put(name, value);
            });
    return configured;
  }
}
