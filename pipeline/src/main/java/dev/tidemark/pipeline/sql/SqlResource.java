package dev.tidemark.pipeline.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A SQL statement in a resource file of its class's package.
 *
 * @param text the statement, without its comment lines and a trailing semicolon
 */
public record SqlResource(String text) {
  /**
   * Loads a statement.
   *
   * @param owner the class beside which the file lies
   * @param file the file's name
   */
  public static SqlResource of(Class<?> owner, String file) {
    try (InputStream stream = owner.getResourceAsStream(file)) {
      if (stream == null) {
        throw new IllegalStateException("No resource " + file + " beside " + owner.getName());
      }
      String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      return new SqlResource(text.replaceAll("(?m)^\\s*--.*\\R", "").strip().replaceAll(";$", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
