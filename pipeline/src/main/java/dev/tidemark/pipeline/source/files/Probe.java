package dev.tidemark.pipeline.source.files;

import dev.tidemark.pipeline.failure.PipelineException;
import dev.tidemark.pipeline.failure.PipelineFailures;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What an executor finds out about one file.
 *
 * @param <T> the finding
 */
sealed interface Probe<T extends Serializable> extends Serializable {
  /** The file as the driver listed it. */
  ListedFile file();

  /** The finding. */
  record Found<T extends Serializable>(ListedFile file, T value) implements Probe<T> {}

  /** The file is not, or was not for as long as the probe took, what the listing shows. */
  record Changed<T extends Serializable>(ListedFile file) implements Probe<T> {}

  /** The file cannot be opened. */
  record Unreachable<T extends Serializable>(ListedFile file, String reason) implements Probe<T> {}

  /** The file's bytes can be read but make no sense. */
  record Damaged<T extends Serializable>(ListedFile file, String reason) implements Probe<T> {}

  /**
   * Looks at a file.
   *
   * @param <T> the finding
   */
  @FunctionalInterface
  interface Prober<T extends Serializable> extends Serializable {
    Probe<T> probe(ListedFile file, Configuration configuration);
  }

  /**
   * Looks at every file on the executors, in the order given.
   *
   * @throws PipelineException if a file cannot be opened or is damaged
   */
  static <T extends Serializable> List<Probe<T>> all(
      SparkSession spark, Configuration configuration, List<ListedFile> files, Prober<T> prober) {
    if (files.isEmpty()) {
      return List.of();
    }
    // Unlike a task's closure a broadcast carries the configuration once to each executor.
    Broadcast<SerializableConfiguration> broadcast =
        SerializableConfiguration.broadcast(spark.sparkContext(), configuration);
    List<Probe<T>> probes;
    try {
      probes =
          JavaSparkContext.fromSparkContext(spark.sparkContext())
              .parallelize(files, Math.min(files.size(), 1_000))
              .map(file -> prober.probe(file, broadcast.value().value()))
              .collect();
    } finally {
      broadcast.destroy();
    }
    for (Probe<T> probe : probes) {
      if (probe instanceof Unreachable<T> unreachable) {
        throw PipelineFailures.unreachableFile(probe.file().path(), unreachable.reason());
      }
      if (probe instanceof Damaged<T> damaged) {
        throw PipelineFailures.damagedFile(probe.file().path(), damaged.reason());
      }
    }
    return probes;
  }
}
