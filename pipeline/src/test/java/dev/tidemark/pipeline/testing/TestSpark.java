package dev.tidemark.pipeline.testing;

import dev.tidemark.pipeline.lake.LocalLogStore;
import java.time.ZoneOffset;
import java.util.TimeZone;
import org.apache.spark.sql.SparkSession;

/** The one Spark session of a test JVM: Delta, two threads, no user interface. */
public final class TestSpark {
  private static SparkSession session;

  private TestSpark() {}

  /** The session, started on first use. */
  public static synchronized SparkSession session() {
    if (session == null || session.sparkContext().isStopped()) {
      TimeZone.setDefault(TimeZone.getTimeZone(ZoneOffset.UTC));
      session =
          SparkSession.builder()
              .master("local[2]")
              .appName("tidemark tests")
              .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
              .config(
                  "spark.sql.catalog.spark_catalog",
                  "org.apache.spark.sql.delta.catalog.DeltaCatalog")
              .config(LocalLogStore.SPARK_SETTING, LocalLogStore.class.getName())
              .config("spark.sql.session.timeZone", "UTC")
              .config("spark.sql.shuffle.partitions", "2")
              .config("spark.databricks.delta.snapshotPartitions", "1")
              .config("spark.sql.sources.parallelPartitionDiscovery.parallelism", "2")
              .config("spark.sql.codegen.cache.maxEntries", "1000")
              .config("spark.sql.artifact.isolation.enabled", "false")
              .config("spark.ui.enabled", "false")
              .config("spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir"))
              .getOrCreate();
      session.sparkContext().setLogLevel("ERROR");
    }
    return session;
  }
}
