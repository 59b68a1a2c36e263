package dev.tidemark.pipeline.testing;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeChangeSets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;

/** Lakes for tests. */
public final class TestLake {
  private static Path template;

  private TestLake() {}

  /** A lake with all change sets applied: a copy of one that was made once for this JVM. */
  public static synchronized Lake create(Path folder) {
    try {
      if (template == null) {
        template = Files.createTempDirectory("tidemark-lake");
        new LakeChangeSets(new Lake(TestSpark.session(), template.toString())).apply();
      }
      return copy(template, folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The versions of the landed table and of both rollups. */
  public static List<Long> versions(Lake lake) {
    return List.of(
        lake.usageEvents().version(), lake.usageHourly().version(), lake.usageDaily().version());
  }

  /**
   * The one value of a query that names tables by {@code ${events}}, {@code ${hourly}}, {@code
   * ${daily}}.
   */
  public static Object value(Lake lake, String sql) {
    return rows(lake, sql).get(0).get(0);
  }

  /** The rows of a query; see {@link #value}. */
  public static List<Row> rows(Lake lake, String sql) {
    return lake.spark()
        .sql(
            sql.replace("${events}", lake.usageEvents().sqlName())
                .replace("${hourly}", lake.usageHourly().sqlName())
                .replace("${daily}", lake.usageDaily().sqlName())
                .replace("${quarantined}", lake.quarantinedEvents().sqlName()))
        .collectAsList();
  }

  /** A copy of a whole lake. */
  public static Lake copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
    return new Lake(TestSpark.session(), to.toString());
  }
}
