package dev.tidemark.migrator.seed;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The resources in {@code db/seeds}. */
final class SeedFile {
  private static final String FOLDER = "/db/seeds/";

  private SeedFile() {}

  /** A file as it is. */
  static String text(String name) {
    try (InputStream stream = SeedFile.class.getResourceAsStream(FOLDER + name)) {
      if (stream == null) {
        throw new IllegalStateException("No resource " + FOLDER + name);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The rows of a table: a line of column names, then one line a row, cells between bars. An empty
   * cell is null.
   */
  static List<Map<String, String>> rows(String name) {
    List<List<String>> lines =
        text(name).lines().filter(line -> !line.isBlank()).map(SeedFile::cells).toList();
    List<String> columns = lines.get(0);
    return lines.stream().skip(1).map(cells -> row(name, columns, cells)).toList();
  }

  private static Map<String, String> row(String file, List<String> columns, List<String> cells) {
    if (cells.size() != columns.size()) {
      throw new IllegalStateException(file + ": " + cells + " under " + columns);
    }
    Map<String, String> row = new LinkedHashMap<>();
    IntStream.range(0, columns.size())
        .forEach(i -> row.put(columns.get(i), cells.get(i).isEmpty() ? null : cells.get(i)));
    return row;
  }

  private static List<String> cells(String line) {
    return Arrays.stream(line.split("\\|", -1)).map(String::strip).collect(Collectors.toList());
  }
}
