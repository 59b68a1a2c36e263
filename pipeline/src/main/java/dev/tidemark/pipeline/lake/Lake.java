package dev.tidemark.pipeline.lake;

import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.observation.Watch;
import java.io.IOException;
import java.time.Clock;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** A folder (or object-store prefix) of Delta tables. */
public final class Lake {
  private final SparkSession spark;
  private final String path;
  private final Watch watch;
  private final Clock clock;

  /**
   * A lake at a path; nothing is read yet.
   *
   * @param path folder or URI; a trailing slash does not matter
   */
  public Lake(SparkSession spark, String path) {
    this(spark, path.replaceAll("(?<=.)/+$", ""), Watch.NONE, Clock.systemUTC());
  }

  private Lake(SparkSession spark, String path, Watch watch, Clock clock) {
    this.spark = Objects.requireNonNull(spark);
    this.path = path;
    this.watch = Objects.requireNonNull(watch);
    this.clock = Objects.requireNonNull(clock);
  }

  /**
   * The lake at a path that may be relative, as a user gives it.
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException if no file system answers to the path
   */
  public static Lake at(SparkSession spark, String path) {
    try {
      Path folder = new Path(path);
      Configuration hadoop =
          ((org.apache.spark.sql.classic.SparkSession) spark).sessionState().newHadoopConf();
      return new Lake(spark, folder.getFileSystem(hadoop).makeQualified(folder).toString());
    } catch (IOException | IllegalArgumentException e) {
      throw PipelineFailures.storageUnreachable(path, (Throwable) e);
    }
  }

  /** The Spark session through which the lake is read and written. */
  public SparkSession spark() {
    return spark;
  }

  /** The same lake through another session, for work that sets session-wide transaction ids. */
  public Lake with(SparkSession other) {
    return new Lake(other, path, watch, clock);
  }

  /** The same lake for a run whose work is watched. */
  public Lake watchedBy(Watch other) {
    return new Lake(spark, path, other, clock);
  }

  /** Who watches the work at this lake. */
  public Watch watch() {
    return watch;
  }

  /** The same lake for work that goes by another clock. */
  public Lake clockedBy(Clock other) {
    return new Lake(spark, path, watch, other);
  }

  /** By which work at this lake judges what is past and what is to come. */
  public Clock clock() {
    return clock;
  }

  /** The folder or URI. */
  public String path() {
    return path;
  }

  /** Landed events, one row a request. */
  public LakeTable usageEvents() {
    return table("usage_events");
  }

  /** The hourly rollup. */
  public LakeTable usageHourly() {
    return table("usage_hourly");
  }

  /** The daily rollup. */
  public LakeTable usageDaily() {
    return table("usage_daily");
  }

  /** Refused events. */
  public LakeTable quarantinedEvents() {
    return table("quarantined_events");
  }

  /** The ledger of landings. */
  public LakeTable landings() {
    return table("landings");
  }

  /** A table by its plain name. */
  public LakeTable table(String name) {
    return new LakeTable(spark, name, path + "/" + name, watch);
  }
}
