package dev.tidemark.pipeline.session;

import com.typesafe.config.Config;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.metrics.MetricsViews;
import dev.tidemark.pipeline.status.StatusViews;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * The lake's tables under plain names: every Delta table that lies directly in the lake's folder is
 * known to SQL by its folder's name, with its history and its earlier versions. Where the tables
 * are there from which they read, the metrics' views and functions and those of windows are known
 * too.
 */
public final class LakeCatalog {
  /** What Spark takes for a table's name. */
  private static final Pattern NAME = Pattern.compile("\\w+");

  private final SparkSession spark;
  private final Path folder;

  private LakeCatalog(SparkSession spark, Path folder) {
    this.spark = spark;
    this.folder = folder;
  }

  /**
   * Makes the lake's tables known to a session.
   *
   * @param config the loaded configuration; {@code lake.path} is the folder, of any file system
   *     that Hadoop knows
   * @throws dev.tidemark.pipeline.failure.PipelineException if there is no lake yet, or its storage
   *     cannot be reached
   */
  public static LakeCatalog register(SparkSession spark, Config config) {
    LakeCatalog catalog = new LakeCatalog(spark, folder(spark, config));
    List<String> tables = catalog.tables();
    if (tables.isEmpty()) {
      throw PipelineFailures.noLake(catalog.folder.toString());
    }
    tables.forEach(catalog::register);
    if (tables.containsAll(List.of("usage_hourly", "usage_daily"))) {
      MetricsViews.register(spark);
    }
    // The change set of quality_results gives window_revisions a column that the views read.
    if (tables.containsAll(List.of("window_revisions", "job_runs", "quality_results"))) {
      StatusViews.register(spark);
    }
    return catalog;
  }

  /** The lake's folder, absolute: Spark takes a relative one for part of its warehouse. */
  private static Path folder(SparkSession spark, Config config) {
    Path path = Settings.value(config, "lake.path", c -> new Path(c.getString("lake.path")));
    try {
      return path.getFileSystem(spark.sessionState().newHadoopConf()).makeQualified(path);
    } catch (IOException e) {
      throw PipelineFailures.storageUnreachable(path.toString(), e);
    }
  }

  /** The names of the lake's tables as it is now, in alphabetical order. */
  public List<String> tables() {
    try {
      FileSystem storage = folder.getFileSystem(spark.sessionState().newHadoopConf());
      if (!storage.exists(folder)) {
        return List.of();
      }
      return Arrays.stream(storage.listStatus(folder))
          .filter(FileStatus::isDirectory)
          .map(FileStatus::getPath)
          .filter(path -> isTable(storage, path))
          .map(Path::getName)
          .filter(name -> NAME.matcher(name).matches())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw PipelineFailures.storageUnreachable(folder.toString(), e);
    }
  }

  private static boolean isTable(FileSystem storage, Path path) {
    try {
      return storage.exists(new Path(path, "_delta_log"));
    } catch (IOException e) {
      throw PipelineFailures.storageUnreachable(path.toString(), e);
    }
  }

  private void register(String table) {
    String location = new Path(folder, table).toString();
    spark.sql(
        "CREATE TABLE IF NOT EXISTS `%s` USING delta LOCATION '%s'"
            .formatted(table, location.replace("\\", "\\\\").replace("'", "\\'")));
  }
}
