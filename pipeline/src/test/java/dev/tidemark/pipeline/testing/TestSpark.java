package dev.tidemark.pipeline.testing;

import dev.tidemark.pipeline.lake.LocalFiles;
import dev.tidemark.pipeline.lake.LocalLogStore;
import java.time.ZoneOffset;
import java.util.TimeZone;
import org.apache.spark.sql.SparkSession;

/**
 * The one Spark session of a test JVM: Delta, two threads, no user interface.
 *
 * <p>What stands outside whole stages is interpreted: most of it are Delta's own tasks over rows as
 * wide as its log, each of which would generate its code anew. Plans are those of the product,
 * whose processes in {@code jobs} and in the torture generate all of it.
 */
public final class TestSpark {
  private static SparkSession session;

  private TestSpark() {}

  /** The session, started on first use. */
  public static synchronized SparkSession session() {
    if (session == null || session.sparkContext().isStopped()) {
      TimeZone.setDefault(TimeZone.getTimeZone(ZoneOffset.UTC));
      // Without it Spark does not heed the factory mode
      System.setProperty("spark.testing", "true");
      SparkSession.Builder builder = SparkSession.builder();
      LocalFiles.SPARK_SETTINGS.forEach(builder::config);
      session =
          builder
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
              .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
              // As where nothing is tested
              .config("spark.sql.planChangeValidation", "false")
              .config("spark.sql.classic.shuffleDependency.fileCleanup.enabled", "false")
              .config("spark.sql.maxConcurrentOutputFileWriters", "2")
              .config("spark.sql.inMemoryColumnarStorage.compressed", "false")
              .config("spark.sql.artifact.isolation.enabled", "false")
              .config("spark.ui.enabled", "false")
              .config("spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir"))
              .getOrCreate();
      session.sparkContext().setLogLevel("ERROR");
    }
    return session;
  }
}
