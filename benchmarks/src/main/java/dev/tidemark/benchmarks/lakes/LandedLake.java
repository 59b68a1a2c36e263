package dev.tidemark.benchmarks.lakes;

import dev.tidemark.benchmarks.contest.ResultDiffers;
import dev.tidemark.benchmarks.generator.EventFiles;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeChangeSets;
import dev.tidemark.pipeline.lake.LakeTable;
import dev.tidemark.pipeline.landing.Landing;
import dev.tidemark.pipeline.source.RawEvents;
import dev.tidemark.pipeline.source.files.FileSourceSettings;
import dev.tidemark.pipeline.source.files.FilesEventSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** A lake into which generated events were landed, once each; nothing is rolled up. */
public final class LandedLake {
  private static final String COMPLETE = "_complete";

  private LandedLake() {}

  /** The lake with the events of files, landed now if it is not there. */
  public static Lake of(SparkSession spark, Path folder, EventFiles.Written events)
      throws IOException {
    Path complete = folder.resolveSibling(folder.getFileName() + COMPLETE);
    if (!Files.exists(complete)) {
      EventFiles.delete(folder);
      Lake lake = empty(spark, folder);
      land(lake, events.folder());
      ResultDiffers.unless("landing", events.totals().events(), lake.usageEvents().read().count());
      Files.createFile(complete);
      return lake;
    }
    return at(spark, folder);
  }

  private static Lake at(SparkSession spark, Path folder) {
    return Lake.at(spark, folder.toString());
  }

  /** A lake with all change sets applied and no row. */
  public static Lake empty(SparkSession spark, Path folder) {
    Lake lake = at(spark, folder);
    new LakeChangeSets(lake).upgrade();
    return lake;
  }

  /** Lands what waits in a folder of generated files, as the product does. */
  public static void land(Lake lake, Path files) {
    new Landing(lake, Duration.ofHours(24), "bench")
        .land(new FilesEventSource(lake.spark(), settings(files)));
  }

  /** How the product is told to read generated files. */
  public static FileSourceSettings settings(Path files) {
    StringBuilder columns = new StringBuilder();
    for (String column : RawEvents.EVENT.fieldNames()) {
      columns.append(column).append(" = ").append(column).append('\n');
    }
    return FileSourceSettings.from(
        Settings.parse(
            "source { type = files, format = parquet, path = \"%s\", columns { %s } }"
                .formatted(files, columns)));
  }

  /**
   * A copy of a lake whose data files are those of the original, by hard links.
   *
   * @param to a folder that no lake was in before: Delta remembers logs by their paths
   */
  public static Lake linked(Lake lake, Path to) throws IOException {
    Path from = Path.of(URI.create(lake.path()));
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(folder)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path copy = to.resolve(from.relativize(file));
            // Delta overwrites a few files of its log in place.
            if (file.toString().contains("_delta_log")) {
              Files.copy(file, copy);
            } else {
              Files.createLink(copy, file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return at(lake.spark(), to);
  }

  /** The live files of a table, as any reader may open them. */
  public static List<String> files(LakeTable table) {
    return Arrays.stream(table.read().inputFiles())
        .map(uri -> Path.of(URI.create(uri)).toString())
        .sorted()
        .toList();
  }
}
