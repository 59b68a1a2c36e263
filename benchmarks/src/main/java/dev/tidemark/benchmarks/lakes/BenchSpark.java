package dev.tidemark.benchmarks.lakes;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tidemark.pipeline.session.SparkSessions;
import org.apache.spark.sql.SparkSession;

/** The product's Spark session on two threads. */
public final class BenchSpark {
  /** Threads of every contestant. */
  public static final int THREADS = 2;

  private BenchSpark() {}

  /** Opens it with the user's configuration. */
  public static SparkSession open(Config config) {
    SparkSession spark =
        SparkSessions.open(
            ConfigFactory.parseString("spark.master = \"local[%d]\"".formatted(THREADS))
                .withFallback(config),
            "bench");
    spark.sparkContext().setLogLevel("ERROR");
    return spark;
  }
}
