package dev.tidemark.benchmarks.late;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Which data files commits have added and taken away, read from a table's log as JSON. */
final class TouchedFiles {
  private TouchedFiles() {}

  /**
   * How many files were added and removed in each partition.
   *
   * @param after the version after which commits count
   */
  static SortedMap<String, Integer> byPartition(Path table, long after) throws IOException {
    SortedMap<String, Integer> touched = new TreeMap<>();
    for (Path commit : commits(table, after)) {
      for (String line : Files.readAllLines(commit)) {
        for (String kind : List.of("add", "remove")) {
          if (line.startsWith("{\"" + kind + "\"")) {
            Config values =
                ConfigFactory.parseString(line).getConfig(kind).getConfig("partitionValues");
            values
                .entrySet()
                .forEach(
                    value -> touched.merge((String) value.getValue().unwrapped(), 1, Integer::sum));
          }
        }
      }
    }
    return touched;
  }

  private static List<Path> commits(Path table, long after) throws IOException {
    String from = "%020d.json".formatted(after + 1);
    try (Stream<Path> all = Files.list(table.resolve("_delta_log"))) {
      return all.filter(
              file ->
                  file.getFileName().toString().matches("\\d{20}\\.json")
                      && file.getFileName().toString().compareTo(from) >= 0)
          .sorted()
          .toList();
    }
  }
}
