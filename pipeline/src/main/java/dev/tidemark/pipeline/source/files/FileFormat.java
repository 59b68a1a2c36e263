package dev.tidemark.pipeline.source.files;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What the files of a source hold. */
public enum FileFormat {
  /** Delimited text, with or without a header line. */
  CSV,
  /** One object a line, or with the option {@code multiLine} any sequence of objects and arrays. */
  JSON,
  /** Parquet, its types taken as they are. */
  PARQUET;

  /** The word for it in the configuration. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<String> words() {
    return Arrays.stream(values()).map(FileFormat::word).toList();
  }

  static FileFormat of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
