package dev.tidemark.pipeline.source.files;

import dev.tidemark.pipeline.source.InputFile;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;

/**
 * The rows of files that share one layout.
 *
 * @param rows the source's columns, then {@link #PATH}, {@link #RAW} and {@link #MALFORMED}
 * @param columns the source's columns; none if no row could be read
 */
record SourceRows(Dataset<Row> rows, List<StructField> columns) {
  /** The file's path, as {@link InputFile#path} spells it. */
  static final String PATH = "__tidemark_path";

  /** The row as JSON, or as the text that could not be read; never null. */
  static final String RAW = "__tidemark_raw";

  /** The text of a row that could not be read; null for any other. */
  static final String MALFORMED = "__tidemark_malformed";

  /** Options of Spark's reader that keep it from guessing, whatever the format. */
  private static final Map<String, String> OURS =
      Map.of(
          "mode", "PERMISSIVE",
          "columnNameOfCorruptRecord", MALFORMED,
          "ignoreMissingFiles", "false",
          "ignoreCorruptFiles", "false");

  /** How a row is written as JSON: the same in every session, and no two values alike. */
  private static final Map<String, String> JSON =
      Map.of(
          "timeZone", "UTC",
          "timestampFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX",
          "timestampNTZFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSSSS",
          "ignoreNullFields", "true");

  SourceRows {
    columns = List.copyOf(columns);
  }

  /** The user's reader options over the defaults given, and ours over both. */
  static Map<String, String> options(FileSourceSettings settings, Map<String, String> defaults) {
    Map<String, String> options = new HashMap<>(settings.options());
    defaults.forEach(
        (option, value) -> {
          if (options.keySet().stream().noneMatch(option::equalsIgnoreCase)) {
            options.put(option, value);
          }
        });
    options.putAll(OURS);
    return options;
  }

  /** The file's path, of a dataset that was just read. */
  static Column path(Dataset<Row> read) {
    return ((org.apache.spark.sql.classic.Dataset<Row>) read)
        .metadataColumn("_metadata")
        .getField("file_path");
  }

  /** The row as JSON, fields that are null left out. */
  static Column json(List<StructField> columns) {
    return functions.to_json(
        functions.struct(columns.stream().map(SourceRows::column).toArray(Column[]::new)), JSON);
  }

  static Column column(StructField field) {
    return functions.col(quoted(field.name()));
  }

  static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  static String[] readablePaths(List<ListedFile> files) {
    return files.stream().map(ListedFile::readablePath).toArray(String[]::new);
  }

  static List<StructField> fields(Dataset<Row> read) {
    return Arrays.stream(read.schema().fields())
        .filter(field -> !field.name().equals(MALFORMED))
        .toList();
  }
}
