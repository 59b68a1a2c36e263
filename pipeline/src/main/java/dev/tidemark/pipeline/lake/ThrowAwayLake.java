package dev.tidemark.pipeline.lake;

import dev.tidemark.pipeline.failure.PipelineFailures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** A lake of tables without rows in this machine's temporary folder, gone when it is closed. */
final class ThrowAwayLake implements AutoCloseable {
  private final Path folder;
  private final Lake lake;

  /** An empty lake. */
  ThrowAwayLake(SparkSession spark) {
    try {
      this.folder = Files.createTempDirectory("tidemark-lake");
    } catch (IOException e) {
      throw PipelineFailures.storageUnreachable(System.getProperty("java.io.tmpdir"), e);
    }
    this.lake = new Lake(spark, folder.toUri().toString());
  }

  /** A lake with tables like those of another, as far as they are there. */
  static ThrowAwayLake like(Lake other, Collection<String> tables) {
    ThrowAwayLake copy = new ThrowAwayLake(other.spark());
    for (String table : tables) {
      if (other.table(table).exists()) {
        copy.lake.table(table).makeLike(other.table(table));
      }
    }
    return copy;
  }

  Lake lake() {
    return lake;
  }

  @Override
  public void close() {
    try (Stream<Path> paths = Files.walk(folder)) {
      List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw PipelineFailures.storageUnreachable(folder.toString(), e);
    }
  }
}
