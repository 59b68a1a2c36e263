package dev.tidemark.migrator.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** SQL that is longer than a line lives in files beside the classes. */
public final class SqlResource {
  private SqlResource() {}

  /**
   * Reads a statement.
   *
   * @param owner the class beside which the file lies
   * @param name the file's name
   */
  public static String read(Class<?> owner, String name) {
    try (InputStream stream = owner.getResourceAsStream(name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
