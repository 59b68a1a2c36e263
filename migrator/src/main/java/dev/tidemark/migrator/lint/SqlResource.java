package dev.tidemark.migrator.lint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** SQL that is longer than a line lives in files beside the classes. */
final class SqlResource {
  private SqlResource() {}

  static String read(String name) {
    try (InputStream stream = SqlResource.class.getResourceAsStream(name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
