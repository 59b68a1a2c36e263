package dev.tidemark.pipeline.source.files;

import dev.tidemark.pipeline.failure.PipelineFailures;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * Files by layout, so that each is read by the names of its own columns: Spark takes those of one
 * file for all that it reads together.
 */
final class Layouts {
  private Layouts() {}

  /**
   * Groups the files by what the prober finds in each.
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException if a file is not what it was when it
   *     was listed
   */
  static <T extends Serializable> Map<T, List<ListedFile>> group(
      SparkSession spark,
      Configuration configuration,
      List<ListedFile> files,
      Probe.Prober<T> prober) {
    Map<T, List<ListedFile>> groups = new LinkedHashMap<>();
    for (Probe<T> probe :
        Probe.all(spark, configuration, files, (file, hadoop) -> settled(file, hadoop, prober))) {
      if (!(probe instanceof Probe.Found<T> found)) {
        throw PipelineFailures.changedWhileReading(probe.file().path());
      }
      groups.computeIfAbsent(found.value(), layout -> new ArrayList<>()).add(probe.file());
    }
    return groups;
  }

  private static <T extends Serializable> Probe<T> settled(
      ListedFile file, Configuration configuration, Probe.Prober<T> prober) {
    try {
      ListedFile now =
          ListedFile.of(
              file.hadoopPath().getFileSystem(configuration).getFileStatus(file.hadoopPath()));
      return now.equals(file) ? prober.probe(file, configuration) : new Probe.Changed<>(file);
    } catch (IOException e) {
      return new Probe.Unreachable<>(file, String.valueOf(e.getMessage()));
    }
  }
}
